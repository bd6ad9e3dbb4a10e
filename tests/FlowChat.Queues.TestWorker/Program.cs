// A worker process for the tests to kill and stop. Each job's effect is one row, committed with the job's end.
// Arguments: connection string, and "hold" to let each run wait for a line of input before its commit.
// Output: "ready", then "started <id>", "done <id>" or "fenced <id>" for each run.
using FlowChat.Queues;
using FlowChat.Queues.Postgres;
using FlowChat.Queues.TestWorker;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

var hold = args is [_, "hold"];
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

await using var dataSource = NpgsqlDataSource.Create(args[0]);
await using var backend = new PostgresQueueBackend(
    dataSource,
    TimeProvider.System,
    NullLogger<PostgresQueueBackend>.Instance
);
using var metrics = new QueueMetrics();
var effects = new Effects(dataSource, new JobLedger(registry, backend.Signal, Random.Shared), hold);
await using var worker = new QueueWorker(
    backend,
    queue,
    effects.RunAsync,
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
