using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace FlowChat.Queues.RabbitMq;

/// <summary>One worker's channel: what was delivered on it is the worker's until the channel dies.</summary>
internal sealed class RabbitMqConsumer(IChannel channel, string queue, TimeProvider time)
    : IAsyncDisposable
{
    private readonly Channel<RabbitMqDelivery> deliveries =
        Channel.CreateUnbounded<RabbitMqDelivery>();
    private string? tag;
    private volatile bool cancelled;

    public bool IsOpen => channel.IsOpen && !cancelled;

    /// <param name="prefetch">Delivered and not acknowledged, at most.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task BeginAsync(int prefetch, CancellationToken cancellationToken)
    {
        if (tag is not null)
            return;
        await channel.BasicQosAsync(0, (ushort)prefetch, global: false, cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            var message = RabbitMqMessage.Of(delivery.BasicProperties, delivery.Body.ToArray());
            deliveries.Writer.TryWrite(new(this, delivery.DeliveryTag, message));
            return Task.CompletedTask;
        };
        consumer.UnregisteredAsync += (_, _) =>
        {
            // Not by us: the queue was deleted.
            cancelled = tag is not null;
            return cancelled ? CompleteAsync() : Task.CompletedTask;
        };
        channel.ChannelShutdownAsync += (_, _) => CompleteAsync();
        tag = await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken);
    }

    /// <summary>Waits for messages up to <paramref name="wait"/>.</summary>
    public async Task<List<RabbitMqDelivery>> ReadAsync(
        int max,
        TimeSpan wait,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            limit.Token,
            cancellationToken
        );
        try
        {
            if (!await deliveries.Reader.WaitToReadAsync(either.Token))
                throw new QueueUnavailableException($"The consumer of {queue} has ended.");
        }
        catch (OperationCanceledException) { }
        return Read(max);
    }

    /// <summary>What is there this moment, without becoming a consumer.</summary>
    public async Task<List<RabbitMqDelivery>> GetAsync(int max, CancellationToken cancellationToken)
    {
        var found = Read(max);
        while (
            found.Count < max
            && await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is { } got
        )
            found.Add(
                new(this, got.DeliveryTag, RabbitMqMessage.Of(got.BasicProperties, got.Body))
            );
        return found;
    }

    /// <summary>No message comes any more; what was begun stays the worker's.</summary>
    /// <returns>What wasn't begun.</returns>
    public async Task<List<RabbitMqDelivery>> EndAsync(CancellationToken cancellationToken)
    {
        if (tag is null || !IsOpen)
            return [];
        var ending = tag;
        tag = null;
        await channel.BasicCancelAsync(ending, cancellationToken: cancellationToken);
        return Read(int.MaxValue);
    }

    public ValueTask AcknowledgeAsync(ulong deliveryTag, CancellationToken cancellationToken) =>
        channel.BasicAckAsync(deliveryTag, multiple: false, cancellationToken);

    public ValueTask DisposeAsync() => channel.DisposeAsync();

    private List<RabbitMqDelivery> Read(int max)
    {
        var read = new List<RabbitMqDelivery>();
        while (read.Count < max && deliveries.Reader.TryRead(out var delivery))
            read.Add(delivery);
        return read;
    }

    private Task CompleteAsync()
    {
        deliveries.Writer.TryComplete();
        return Task.CompletedTask;
    }
}

/// <summary>A message in the hands of one worker.</summary>
internal sealed record RabbitMqDelivery(
    RabbitMqConsumer Consumer,
    ulong Tag,
    RabbitMqMessage Message
);
