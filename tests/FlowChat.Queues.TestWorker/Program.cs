// A worker process for the tests to kill and stop. With PostgreSQL each job's effect is one row, committed with the job's
// end; with Redis one entry of a stream, added before it.
// Arguments: connection string or URL and prefix, and "hold" to let each run wait for a line of input before its end.
// Output: "ready", then "started <id>", "done <id>" or "fenced <id>" for each run.
using FlowChat.Queues;
using FlowChat.Queues.Postgres;
using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Queues.TestWorker;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

var isRedis = args[0].StartsWith("redis://", StringComparison.Ordinal);
var hold = args[^1] == "hold";
var queue = new QueueOptions
{
    Name = "work",
    MaxAttempts = 100,
    Concurrency = 8,
    Lease = TimeSpan.FromSeconds(1),
    RetryDelay = TimeSpan.Zero,
};
var registry = new QueueRegistry();
registry.Add(queue);

var (backend, handler) = isRedis ? OpenRedis(args[0], args[1]) : OpenPostgres(args[0]);
using var metrics = new QueueMetrics();
await using var worker = new QueueWorker(
    backend,
    queue,
    handler,
    TimeProvider.System,
    metrics,
    NullLogger<QueueWorker>.Instance
);
await worker.StartAsync(CancellationToken.None);
Console.WriteLine("ready");

var rescuer = new AbandonedJobRescuer(
    backend,
    queue,
    TimeProvider.System,
    metrics,
    NullLogger<AbandonedJobRescuer>.Instance
);
await rescuer.RunAsync(CancellationToken.None);

(IQueueBackend, JobDelegate) OpenPostgres(string connectionString)
{
    var dataSource = NpgsqlDataSource.Create(connectionString);
    var postgres = new PostgresQueueBackend(
        dataSource,
        TimeProvider.System,
        NullLogger<PostgresQueueBackend>.Instance
    );
    var ledger = new JobLedger(registry, postgres.Signal, Random.Shared);
    return (postgres, new Effects(dataSource, ledger, hold).RunAsync);
}

(IQueueBackend, JobDelegate) OpenRedis(string url, string prefix)
{
    var options = RedisOptions.Parse(url);
    var client = new RedisClient(options, TimeProvider.System, NullLogger<RedisClient>.Instance);
    var redis = new RedisQueueBackend(
        options,
        new RedisQueueOptions { Prefix = prefix },
        TimeProvider.System,
        NullLoggerFactory.Instance
    );
    return (redis, new RedisEffects(client, redis, $"{prefix}effects", hold).RunAsync);
}
