using System.Diagnostics;
using FlowChat.Testing.Servers;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace FlowChat.Queues.Bench.RabbitMq;

/// <summary>What the client does without anything around it: the same messages, confirmed; then consumed and acknowledged.</summary>
internal sealed class PlainRabbitMq(RabbitMqServer server, string queue, int jobs)
{
    private const int Batch = 500;

    public async Task<(double Publish, double Drain)> RunAsync()
    {
        var factory = new ConnectionFactory { Uri = new Uri(server.Url) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(true, true, new ThrottlingRateLimiter(2000))
        );
        await channel.QueueDeclareAsync(
            queue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" }
        );
        return (await PublishAsync(channel), await DrainAsync(channel));
    }

    private async Task<double> PublishAsync(IChannel channel)
    {
        var properties = new BasicProperties { DeliveryMode = DeliveryModes.Persistent };
        var watch = Stopwatch.StartNew();
        for (var n = 0; n < jobs; n += Batch)
            await Task.WhenAll(
                Enumerable
                    .Range(n, Math.Min(Batch, jobs - n))
                    .Select(_ =>
                        channel.BasicPublishAsync("", queue, true, properties, Run.Payload).AsTask()
                    )
            );
        return jobs / watch.Elapsed.TotalSeconds;
    }

    private async Task<double> DrainAsync(IChannel channel)
    {
        var left = jobs;
        var empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await channel.BasicQosAsync(0, 200, global: false);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
            if (--left == 0)
                empty.SetResult();
        };
        var watch = Stopwatch.StartNew();
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
        await empty.Task;
        return jobs / watch.Elapsed.TotalSeconds;
    }
}
