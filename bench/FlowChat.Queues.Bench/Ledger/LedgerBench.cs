using FlowChat.Queues.Ledger;
using FlowChat.Queues.Postgres;
using FlowChat.Queues.RabbitMq;
using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FlowChat.Queues.Bench.Ledger;

/// <summary>What a broker before the rows costs and brings: PostgreSQL alone, with Redis, with RabbitMQ.</summary>
internal sealed class LedgerBench(int rounds, int jobs, TimeProvider time)
{
    private const int Latencies = 2000;

    private readonly Comparison comparison = new("ledger", "postgres", "redis", "rabbitmq");

    public async Task RunAsync(TextWriter output)
    {
        await using var rows = new PostgresServer(durable: true);
        await using var redis = new RedisServer(durable: true);
        await using var rabbitMq = new RabbitMqServer();
        await Task.WhenAll(rows.StartAsync(), redis.StartAsync(), rabbitMq.StartAsync());
        for (var round = 0; round < rounds; round++)
        {
            var prefix = $"round-{round}:";
            await MeasureAsync("postgres", rows, null);
            await MeasureAsync("redis", rows, () => NewRedis(redis, prefix));
            await MeasureAsync("rabbitmq", rows, () => NewRabbitMq(rabbitMq, prefix));
        }
        await comparison.WriteAsync(output, time);
    }

    private async Task MeasureAsync(
        string subject,
        PostgresServer server,
        Func<IQueueBackend>? newBroker
    )
    {
        foreach (var (what, lanes) in new[] { ("no lanes", 0), ("1,000 lanes", 1_000) })
        {
            await using var dataSource = await NewDatabaseAsync(server);
            await using var own = NewRows(dataSource);
            await using var backend = new LedgerQueueBackend(
                own,
                newBroker is null ? [] : [new LedgerBroker(newBroker(), _ => true)],
                time,
                NullLogger<LedgerQueueBackend>.Instance
            );
            var run = new Run(backend, jobs, lanes, keys: 0, concurrency: 100);
            comparison.Add($"enqueue/s, {what}", subject, await run.EnqueueAsync());
            comparison.Add($"drain/s, {what}", subject, await run.DrainAsync());
            comparison.Add($"together/s, {what}", subject, await run.TogetherAsync());
            var took = await run.LatencyAsync(Latencies);
            comparison.Add($"p50 µs at 500/s, {what}", subject, took[took.Length / 2]);
            comparison.Add($"p99 µs at 500/s, {what}", subject, took[took.Length * 99 / 100]);
        }
    }

    private static async Task<NpgsqlDataSource> NewDatabaseAsync(PostgresServer server)
    {
        var dataSource = NpgsqlDataSource.Create(
            await server.CreateDatabaseAsync() + ";Max Auto Prepare=100"
        );
        await PostgresQueueSchema.CreateAsync(dataSource, CancellationToken.None);
        return dataSource;
    }

    private PostgresQueueBackend NewRows(NpgsqlDataSource dataSource) =>
        new(dataSource, time, NullLogger<PostgresQueueBackend>.Instance);

    private RedisQueueBackend NewRedis(RedisServer server, string prefix) =>
        new(
            RedisOptions.Parse(server.Url),
            new RedisQueueOptions { Prefix = prefix },
            time,
            NullLoggerFactory.Instance
        );

    private RabbitMqQueueBackend NewRabbitMq(RabbitMqServer server, string prefix) =>
        new(RabbitMqUrl.Parse(server.Url), time, prefix);
}
