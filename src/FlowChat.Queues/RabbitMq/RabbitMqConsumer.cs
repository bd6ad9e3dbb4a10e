using System.Collections.Concurrent;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace FlowChat.Queues.RabbitMq;

/// <summary>One worker's channel: what was delivered on it is the worker's until the channel dies.</summary>
internal sealed class RabbitMqConsumer : IAsyncDisposable
{
    // Between two claims of a worker that has room, much longer than to begin what it has.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // A channel whose queue is being deleted can be stuck for half a minute: another one isn't.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Before RabbitMQ 4.0 a queue that was deleted and made again may keep a consumer and send it nothing.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private readonly IChannel channel;
    private readonly string queue;
    private readonly TimeProvider time;
    private readonly ITimer resting;
    private readonly ConcurrentQueue<RabbitMqDelivery> kept = new();
    private readonly Channel<RabbitMqDelivery> deliveries =
        Channel.CreateUnbounded<RabbitMqDelivery>();
    private readonly SettledTags settled = new();
    private readonly SemaphoreSlim settling = new(1);
    private readonly SemaphoreSlim subscribing = new(1);
    private AsyncEventingBasicConsumer? current;
    private TaskCompletionSource ended = NewSignal();
    private string? tag;
    private int prefetch;
    private int held;
    private long heardAt;
    private volatile bool asked;
    private volatile bool cancelled;

    /// <param name="channel">Its own from now on.</param>
    /// <param name="queue">The queue as RabbitMQ knows it.</param>
    /// <param name="rest">Called when its worker has stopped asking, and more is or may be on its way.</param>
    /// <param name="time">The clock.</param>
    public RabbitMqConsumer(
        IChannel channel,
        string queue,
        Action<RabbitMqConsumer> rest,
        TimeProvider time
    )
    {
        (this.channel, this.queue, this.time) = (channel, queue, time);
        resting = time.CreateTimer(
            _ =>
            {
                if (Volatile.Read(ref held) < prefetch)
                    rest(this);
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    public bool IsOpen => channel.IsOpen && !cancelled;

    /// <summary>
    /// Lets as many be on their way as the worker asks for besides what it has: slow handlers keep none from others.
    /// </summary>
    /// <param name="max">What it asks for.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What came while it asked for more.</returns>
    public async Task<List<RabbitMqDelivery>> BeginAsync(
        int max,
        CancellationToken cancellationToken
    )
    {
        resting.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        asked = true;
        await subscribing.WaitAsync(cancellationToken);
        try
        {
            var wanted = Math.Min(max + Volatile.Read(ref held), ushort.MaxValue);
            var tooMany = wanted < prefetch / 3;
            if (tag is not null && !tooMany && wanted <= prefetch * 3 / 2)
                return [];
            await UnsubscribeAsync(cancellationToken);
            var left = tooMany ? Read(int.MaxValue) : [];
            await SubscribeAsync(wanted, cancellationToken);
            return left;
        }
        finally
        {
            subscribing.Release();
        }
    }

    /// <summary>Waits for messages up to <paramref name="wait"/>.</summary>
    public async Task<List<RabbitMqDelivery>> ReadAsync(
        int max,
        TimeSpan wait,
        CancellationToken cancellationToken
    )
    {
        if (Read(max) is { Count: > 0 } ready)
            return ready;
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
        {
            Interlocked.Increment(ref held);
            var message = RabbitMqMessage.Of(got.BasicProperties, got.Body);
            found.Add(new(this, got.DeliveryTag, message));
        }
        return found;
    }

    /// <summary>
    /// The worker has its answer. Unless it asks again soon, it is busy, and the next messages are for others.
    /// </summary>
    public void Rest()
    {
        asked = false;
        resting.Change(Pause, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Unless its worker asks for more, no message comes until it does; what was begun stays the worker's.
    /// </summary>
    /// <returns>What wasn't begun.</returns>
    public async Task<List<RabbitMqDelivery>> EndAsync(CancellationToken cancellationToken)
    {
        await subscribing.WaitAsync(cancellationToken);
        try
        {
            if (asked)
                return [];
            await UnsubscribeAsync(cancellationToken);
            return Read(int.MaxValue);
        }
        finally
        {
            subscribing.Release();
        }
    }

    /// <summary>Makes way for another channel when nothing has come for long: this one may be forgotten.</summary>
    /// <returns>What came in the last moment.</returns>
    public async Task<List<RabbitMqDelivery>> EndIfSilentAsync(CancellationToken cancellationToken)
    {
        if (
            Volatile.Read(ref held) > 0
            || time.GetElapsedTime(Volatile.Read(ref heardAt)) < Silence
        )
            return [];
        await subscribing.WaitAsync(cancellationToken);
        try
        {
            // First, so that what is on its way is handed over and costs no attempt.
            await UnsubscribeAsync(cancellationToken);
            var last = Read(int.MaxValue);
            if (last.Count == 0)
                End();
            return last;
        }
        finally
        {
            subscribing.Release();
        }
    }

    /// <summary>They stay in its hands, neither begun nor let go of, until it takes them again.</summary>
    public void Keep(IEnumerable<RabbitMqDelivery> unmoved)
    {
        foreach (var delivery in unmoved)
            kept.Enqueue(delivery);
    }

    /// <summary>What it kept.</summary>
    public List<RabbitMqDelivery> TakeKept()
    {
        var taken = new List<RabbitMqDelivery>();
        while (kept.TryDequeue(out var delivery))
            taken.Add(delivery);
        return taken;
    }

    /// <summary>Tells RabbitMQ, in one word where it can, that these are settled.</summary>
    public async Task AcknowledgeAsync(
        IReadOnlyCollection<RabbitMqDelivery> ended,
        CancellationToken cancellationToken
    )
    {
        // In the order in which they are counted: a tag that is let go of twice closes the channel.
        await settling.WaitAsync(cancellationToken);
        try
        {
            var (upTo, alone) = Settle(ended);
            if (upTo > 0)
                await channel.BasicAckAsync(upTo, multiple: true, CancellationToken.None);
            foreach (var one in alone)
                await channel.BasicAckAsync(one, multiple: false, CancellationToken.None);
        }
        finally
        {
            settling.Release();
        }
    }

    /// <summary>Lets RabbitMQ give them to others, as attempts.</summary>
    public async Task RejectAsync(
        IReadOnlyCollection<RabbitMqDelivery> given,
        CancellationToken cancellationToken
    )
    {
        await settling.WaitAsync(cancellationToken);
        try
        {
            Settle(given);
            foreach (var one in given)
                await channel.BasicRejectAsync(one.Tag, requeue: true, CancellationToken.None);
        }
        finally
        {
            settling.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await resting.DisposeAsync();
        await channel
            .DisposeAsync()
            .AsTask()
            .WaitAsync(Patience, time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        settling.Dispose();
        subscribing.Dispose();
    }

    private (ulong UpTo, List<ulong> Alone) Settle(IReadOnlyCollection<RabbitMqDelivery> ended)
    {
        Interlocked.Add(ref held, -ended.Count);
        return settled.Add([.. ended.Select(delivery => delivery.Tag)]);
    }

    private async Task SubscribeAsync(int wanted, CancellationToken cancellationToken)
    {
        await channel.BasicQosAsync(0, (ushort)wanted, global: false, cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            Volatile.Write(ref heardAt, time.GetTimestamp());
            var message = RabbitMqMessage.Of(delivery.BasicProperties, delivery.Body.ToArray());
            deliveries.Writer.TryWrite(new(this, delivery.DeliveryTag, message));
            return Task.CompletedTask;
        };
        var last = ended = NewSignal();
        consumer.UnregisteredAsync += (_, _) =>
        {
            // Not by us: the queue was deleted.
            if (consumer == current)
                End();
            last.TrySetResult();
            return Task.CompletedTask;
        };
        if (prefetch == 0)
            channel.ChannelShutdownAsync += (_, _) =>
            {
                End();
                return Task.CompletedTask;
            };
        (current, prefetch) = (consumer, wanted);
        Volatile.Write(ref heardAt, time.GetTimestamp());
        tag = await OrEndAsync(
            channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken)
        );
    }

    private async Task UnsubscribeAsync(CancellationToken cancellationToken)
    {
        if (tag is not { } ending || !IsOpen)
            return;
        (current, tag) = (null, null);
        try
        {
            await channel
                .BasicCancelAsync(ending, cancellationToken: cancellationToken)
                .WaitAsync(Patience, time, cancellationToken);
            // What was delivered before is handed over before this.
            await ended.Task.WaitAsync(Patience, time, cancellationToken);
        }
        catch
        {
            End();
            throw;
        }
    }

    // Subscribed after its time, it would be sent messages that nobody here knows of: with the channel they are others'.
    private async Task<string> OrEndAsync(Task<string> subscribed)
    {
        try
        {
            return await subscribed;
        }
        catch
        {
            End();
            throw;
        }
    }

    private List<RabbitMqDelivery> Read(int max)
    {
        var read = new List<RabbitMqDelivery>();
        while (read.Count < max && deliveries.Reader.TryRead(out var delivery))
            read.Add(delivery);
        Interlocked.Add(ref held, read.Count);
        return read;
    }

    private void End()
    {
        cancelled = true;
        deliveries.Writer.TryComplete();
        ended.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A message in the hands of one worker.</summary>
internal sealed class RabbitMqDelivery(
    RabbitMqConsumer consumer,
    ulong tag,
    RabbitMqMessage message
)
{
    public RabbitMqConsumer Consumer => consumer;

    public ulong Tag => tag;

    public RabbitMqMessage Message => message;

    /// <summary>It was settled: doing so again would publish it twice.</summary>
    public bool IsOver { get; set; }
}
