using System.Buffers.Text;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Bench;

/// <summary>One case: the same jobs enqueued, then drained, then both at once.</summary>
internal sealed class Run(
    IQueueBackend backend,
    int jobs,
    int lanes,
    int keys,
    int concurrency,
    TimeSpan? delay = null
)
{
    private const int Batch = 500,
        Producers = 2;

    public static readonly byte[] Payload =
        """{"message_id":"0193b2c4-7d6e-7abc-8def-001122334455"}"""u8.ToArray();

    private readonly QueueOptions queue = new()
    {
        Name = $"bench-{lanes}-{keys}-{concurrency}",
        Concurrency = concurrency,
        KeyConcurrency = keys > 0 ? 1 : null,
    };

    public async Task<double> EnqueueAsync()
    {
        await backend.PrepareAsync(queue, CancellationToken.None);
        var watch = Stopwatch.StartNew();
        await ProduceAsync();
        return jobs / watch.Elapsed.TotalSeconds;
    }

    public Task<double> DrainAsync() => WorkAsync(() => Task.CompletedTask);

    public Task<double> TogetherAsync() => WorkAsync(ProduceAsync);

    private async Task<double> WorkAsync(Func<Task> beside)
    {
        var left = jobs;
        var empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var metrics = new QueueMetrics();
        await using var worker = NewWorker(
            metrics,
            _ =>
            {
                if (Interlocked.Decrement(ref left) == 0)
                    empty.SetResult();
            }
        );
        var watch = Stopwatch.StartNew();
        await worker.StartAsync(CancellationToken.None);
        await beside();
        await empty.Task;
        await worker.StopAsync(TimeSpan.FromSeconds(10));
        return jobs / watch.Elapsed.TotalSeconds;
    }

    private Task ProduceAsync() =>
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

    /// <summary>Awaited one by one: microseconds, sorted.</summary>
    public async Task<double[]> OneByOneAsync(int count)
    {
        await backend.PrepareAsync(queue, CancellationToken.None);
        var took = new double[count];
        for (var n = 0; n < count; n++)
        {
            var started = Stopwatch.GetTimestamp();
            await backend.EnqueueAsync([NewJob(n)], CancellationToken.None);
            took[n] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }
        Array.Sort(took);
        return took;
    }

    /// <summary>From the call that adds a job to its handler's start, 500 each second: microseconds, sorted.</summary>
    public async Task<double[]> LatencyAsync(int count)
    {
        await backend.PrepareAsync(queue, CancellationToken.None);
        var took = new List<double>(count);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var metrics = new QueueMetrics();
        await using var worker = NewWorker(
            metrics,
            payload =>
            {
                var added = Utf8Parser.TryParse(payload.Span, out long at, out _) ? at : 0;
                lock (took)
                {
                    took.Add(Stopwatch.GetElapsedTime(added).TotalMicroseconds);
                    if (took.Count == count)
                        done.SetResult();
                }
            }
        );
        await worker.StartAsync(CancellationToken.None);
        await Pace.RunAsync(
            count,
            n =>
                backend
                    .EnqueueAsync(
                        [
                            NewJob(n) with
                            {
                                Payload = JsonSerializer.SerializeToUtf8Bytes(
                                    Stopwatch.GetTimestamp()
                                ),
                            },
                        ],
                        CancellationToken.None
                    )
                    .AsTask()
        );
        await done.Task;
        await worker.StopAsync(TimeSpan.FromSeconds(10));
        return [.. took.Order()];
    }

    private QueueWorker NewWorker(QueueMetrics metrics, Action<ReadOnlyMemory<byte>> handle) =>
        new(
            backend,
            queue,
            (payload, _, _) =>
            {
                handle(payload);
                return ValueTask.FromResult(JobOutcome.Done);
            },
            TimeProvider.System,
            metrics,
            NullLogger<QueueWorker>.Instance
        );

    private Job NewJob(int n) =>
        new()
        {
            Queue = queue.Name,
            Payload = Payload,
            Lane = lanes > 0 ? $"lane-{n % lanes}" : null,
            LimitKey = keys > 0 ? $"key-{n % keys}" : null,
            DueAt = TimeProvider.System.GetUtcNow() + delay,
        };
}
