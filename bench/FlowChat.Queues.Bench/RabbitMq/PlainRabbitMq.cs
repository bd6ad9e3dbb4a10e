using System.Diagnostics;
using FlowChat.Testing.Servers;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace FlowChat.Queues.Bench.RabbitMq;

/// <summary>What the client does without anything around it: the same messages, confirmed; then consumed and acknowledged.</summary>
internal sealed class PlainRabbitMq(RabbitMqServer server, string queue, int jobs)
{
    // As Run has them.
    private const int Batch = 500,
        Producers = 2;

    private const int Prefetch = 200,
        AtOnce = 100;

    public async Task<(double Publish, double Drain)> RunAsync()
    {
        var factory = new ConnectionFactory { Uri = new Uri(server.Url) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(
            queue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" }
        );
        return (await PublishAsync(connection), await DrainAsync(channel));
    }

    private async Task<double> PublishAsync(IConnection connection)
    {
        var channels = new IChannel[Producers];
        for (var n = 0; n < Producers; n++)
            // Beyond half of its limit it would slow the producer down.
            channels[n] = await connection.CreateChannelAsync(
                new CreateChannelOptions(true, true, new ThrottlingRateLimiter(4 * Batch))
            );
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(channels.Select(ProduceAsync));
        var rate = jobs / watch.Elapsed.TotalSeconds;
        foreach (var channel in channels)
            await channel.DisposeAsync();
        return rate;
    }

    private async Task ProduceAsync(IChannel channel, int producer)
    {
        var properties = new BasicProperties { DeliveryMode = DeliveryModes.Persistent };
        for (var n = producer * Batch; n < jobs; n += Producers * Batch)
            await Task.WhenAll(
                Enumerable
                    .Range(n, Math.Min(Batch, jobs - n))
                    .Select(_ =>
                        channel.BasicPublishAsync("", queue, true, properties, Run.Payload).AsTask()
                    )
            );
    }

    /// <summary>Acknowledges a hundred in one word, as FlowChat does what its hundred handlers settle together.</summary>
    private async Task<double> DrainAsync(IChannel channel)
    {
        var left = jobs;
        var empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await channel.BasicQosAsync(0, Prefetch, global: false);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            if (--left % AtOnce == 0)
                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: true);
            if (left == 0)
                empty.SetResult();
        };
        var watch = Stopwatch.StartNew();
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
        await empty.Task;
        return jobs / watch.Elapsed.TotalSeconds;
    }
}
