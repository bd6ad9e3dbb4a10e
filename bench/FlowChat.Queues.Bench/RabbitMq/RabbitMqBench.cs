using FlowChat.Queues.RabbitMq;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Bench.RabbitMq;

/// <summary>RabbitMQ without a ledger, beside its plain client.</summary>
internal sealed class RabbitMqBench(int rounds, int jobs, TimeProvider time)
{
    private readonly Comparison comparison = new("rabbitmq", "flowchat", "plain");

    public async Task RunAsync(TextWriter output)
    {
        await using var server = new RabbitMqServer();
        await server.StartAsync();
        for (var round = 0; round < rounds; round++)
        {
            var (publish, drain) = await new PlainRabbitMq(
                server,
                $"plain-{round}",
                jobs
            ).RunAsync();
            comparison.Add("enqueue/s, confirmed", "plain", publish);
            comparison.Add("drain/s, 100 at once", "plain", drain);
            await using var backend = new RabbitMqQueueBackend(
                RabbitMqUrl.Parse(server.Url),
                time,
                $"round-{round}:"
            );
            var run = new Run(backend, jobs, lanes: 0, keys: 0, concurrency: 100);
            // The first publish to a new queue waits until a kill can't empty it.
            await run.OneByOneAsync(1);
            comparison.Add("enqueue/s, confirmed", "flowchat", await run.EnqueueAsync());
            comparison.Add("drain/s, 100 at once", "flowchat", await run.DrainAsync());
        }
        await comparison.WriteAsync(output, time);
    }
}
