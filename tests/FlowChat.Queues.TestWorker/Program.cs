// A worker process for the tests to kill and stop. With PostgreSQL, and whatever broker, each job's effect is one row,
// committed with the job's end; with Redis alone one entry of a stream, added before it.
// Arguments: PostgreSQL's connection string and perhaps a broker's URL, or Redis's URL, prefix and number of partitions;
// and "hold" to let each run wait for a line of input before its end.
// Output: "ready", then "started <id>", "done <id>" or "fenced <id>" for each run.
using System.Globalization;
using FlowChat.Queues;
using FlowChat.Queues.TestWorker;
using Microsoft.Extensions.Logging.Abstractions;

var queue = new QueueOptions
{
    Name = "work",
    MaxAttempts = 100,
    Concurrency = 8,
    Lease = TimeSpan.FromSeconds(1),
    RetryDelay = TimeSpan.Zero,
    Partitions = int.TryParse(
        args.ElementAtOrDefault(2),
        CultureInfo.InvariantCulture,
        out var partitions
    )
        ? partitions
        : 1,
};
var hold = args[^1] == "hold";
var (backend, handler) = Servers.Open(queue, hold ? args[..^1] : args, hold);
await backend.PrepareAsync(queue, CancellationToken.None);
using var metrics = new QueueMetrics();
await using var worker = new QueueWorker(
    backend,
    queue,
    handler,
    TimeProvider.System,
    metrics,
    NullLogger<QueueWorker>.Instance
);

// Before the first run may say that it started.
Console.WriteLine("ready");
await worker.StartAsync(CancellationToken.None);

var rescuer = new AbandonedJobRescuer(
    backend,
    queue,
    TimeProvider.System,
    metrics,
    NullLogger<AbandonedJobRescuer>.Instance
);
await rescuer.RunAsync(CancellationToken.None);
