using FlowChat.Queues.Postgres;
using FlowChat.Queues.Redis;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Ledger;

/// <summary>A queue whose news a broker carries, in its parts.</summary>
internal sealed record CarriedQueue(
    BrokerCircuit Circuit,
    BrokerFeed Feed,
    BrokerClaims Claims,
    BuriedJobFeed? Buried
)
{
    /// <summary>Completes once what <see cref="Run"/> began has ended.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    public static CarriedQueue Of(
        QueueOptions queue,
        PostgresQueueBackend ledger,
        IQueueBackend broker,
        TimeProvider time,
        ILogger logger
    )
    {
        var circuit = new BrokerCircuit(queue.Name, time, logger);
        var acks = new BrokerAcks(broker, circuit);
        var feed = new BrokerFeed(ledger, broker, queue, circuit, acks, time, logger);
        return new(
            circuit,
            feed,
            new BrokerClaims(ledger, broker, queue, circuit, feed, acks, time, logger),
            broker is RedisQueueBackend { DeadLetters: { IsKept: true } copy }
                ? new BuriedJobFeed(ledger, copy, queue.Name, circuit, logger)
                : null
        );
    }

    /// <summary>Publishes until it is stopped.</summary>
    public void Run(CancellationToken stopping) =>
        Running = Task.WhenAll(
            Feed.RunAsync(stopping),
            Buried?.RunAsync(stopping) ?? Task.CompletedTask
        );
}
