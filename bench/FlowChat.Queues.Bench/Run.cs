using System.Diagnostics;
using FlowChat.Queues.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FlowChat.Queues.Bench;

/// <summary>One case: the same jobs enqueued, then drained, then both at once.</summary>
internal sealed class Run(
    NpgsqlDataSource dataSource,
    int jobs,
    int lanes,
    int keys,
    int concurrency
)
{
    private const int Batch = 500,
        Producers = 2;

    private static readonly byte[] Payload =
        """{"message_id":"0193b2c4-7d6e-7abc-8def-001122334455"}"""u8.ToArray();

    private readonly QueueOptions queue = new()
    {
        Name = "bench",
        Concurrency = concurrency,
        KeyConcurrency = keys > 0 ? 1 : null,
    };

    public async Task<double> EnqueueAsync()
    {
        await using var backend = NewBackend();
        await backend.PrepareAsync(queue, CancellationToken.None);
        var watch = Stopwatch.StartNew();
        await ProduceAsync(backend);
        return jobs / watch.Elapsed.TotalSeconds;
    }

    public Task<double> DrainAsync() => WorkAsync(_ => Task.CompletedTask);

    public Task<double> TogetherAsync() => WorkAsync(ProduceAsync);

    private async Task<double> WorkAsync(Func<PostgresQueueBackend, Task> beside)
    {
        var left = jobs;
        var empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = NewBackend();
        using var metrics = new QueueMetrics();
        await using var worker = new QueueWorker(
            backend,
            queue,
            (_, _, _) =>
            {
                if (Interlocked.Decrement(ref left) == 0)
                    empty.SetResult();
                return ValueTask.FromResult(JobOutcome.Done);
            },
            TimeProvider.System,
            metrics,
            NullLogger<QueueWorker>.Instance
        );
        var watch = Stopwatch.StartNew();
        await worker.StartAsync(CancellationToken.None);
        await beside(backend);
        await empty.Task;
        await worker.StopAsync(TimeSpan.FromSeconds(10));
        return jobs / watch.Elapsed.TotalSeconds;
    }

    private Task ProduceAsync(PostgresQueueBackend backend) =>
        Task.WhenAll(
            Enumerable
                .Range(0, Producers)
                .Select(async producer =>
                {
                    for (var n = producer * Batch; n < jobs; n += Producers * Batch)
                    {
                        var batch = Enumerable
                            .Range(n, Math.Min(Batch, jobs - n))
                            .Select(NewJob)
                            .ToList();
                        await backend.EnqueueAsync(batch, CancellationToken.None);
                    }
                })
        );

    private Job NewJob(int n) =>
        new()
        {
            Queue = queue.Name,
            Payload = Payload,
            Lane = lanes > 0 ? $"lane-{n % lanes}" : null,
            LimitKey = keys > 0 ? $"key-{n % keys}" : null,
        };

    private PostgresQueueBackend NewBackend() =>
        new(dataSource, TimeProvider.System, NullLogger<PostgresQueueBackend>.Instance);
}
