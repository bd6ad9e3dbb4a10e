using FlowChat.Queues.Ledger;
using FlowChat.Queues.Postgres;
using FlowChat.Queues.RabbitMq;
using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FlowChat.Queues.TestWorker;

internal static class Servers
{
    public static (IQueueBackend, JobDelegate) Open(
        QueueOptions queue,
        string[] addresses,
        bool hold
    ) =>
        addresses switch
        {
            [var url, var prefix, ..] when IsRedis(url) => OpenRedis(url, prefix, hold),
            [var rows] => OpenLedger(queue, rows, broker: null, hold),
            [var rows, var broker] => OpenLedger(queue, rows, OpenBroker(broker), hold),
            _ => throw new ArgumentException("See Program.cs.", nameof(addresses)),
        };

    private static (IQueueBackend, JobDelegate) OpenLedger(
        QueueOptions queue,
        string connectionString,
        IQueueBackend? broker,
        bool hold
    )
    {
        var dataSource = NpgsqlDataSource.Create(connectionString);
        var rows = new PostgresQueueBackend(
            dataSource,
            TimeProvider.System,
            NullLogger<PostgresQueueBackend>.Instance
        );
        var registry = new QueueRegistry();
        registry.Add(queue);
        var ledger = new JobLedger(registry, rows.Signal, Random.Shared);
        IQueueBackend backend = broker is null
            ? rows
            : new LedgerQueueBackend(
                rows,
                [new LedgerBroker(broker, _ => true)],
                TimeProvider.System,
                NullLogger<LedgerQueueBackend>.Instance
            );
        return (backend, new Effects(dataSource, ledger, hold).RunAsync);
    }

    private static (IQueueBackend, JobDelegate) OpenRedis(string url, string prefix, bool hold)
    {
        var client = new RedisClient(
            RedisOptions.Parse(url),
            TimeProvider.System,
            NullLogger<RedisClient>.Instance
        );
        var redis = NewRedis(url, prefix);
        return (redis, new RedisEffects(client, redis, $"{prefix}effects", hold).RunAsync);
    }

    private static IQueueBackend OpenBroker(string url) =>
        IsRedis(url)
            ? NewRedis(url, new RedisQueueOptions().Prefix)
            : new RabbitMqQueueBackend(RabbitMqUrl.Parse(url), TimeProvider.System);

    private static RedisQueueBackend NewRedis(string url, string prefix) =>
        new(
            RedisOptions.Parse(url),
            new RedisQueueOptions { Prefix = prefix },
            TimeProvider.System,
            NullLoggerFactory.Instance
        );

    private static bool IsRedis(string url) => url.StartsWith("redis://", StringComparison.Ordinal);
}
