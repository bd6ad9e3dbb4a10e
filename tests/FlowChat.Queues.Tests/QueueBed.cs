using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Tests;

/// <summary>Drives one queue on a store: the words that the tests are written in.</summary>
public sealed class QueueBed(IQueueStore store, QueueOptions options, IQueueBackend? on = null)
    : IAsyncDisposable
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly List<QueueWorker> workers = [];
    private readonly QueueMetrics metrics = new();

    public QueueOptions Options => options;

    public IQueueStore Store => store;

    public IQueueBackend Backend { get; private set; } = on ?? store.Open();

    public static async Task<QueueBed> MakeAsync(
        IQueueStore store,
        Action<QueueOptions>? configure = null,
        IQueueBackend? on = null
    )
    {
        // A worker must be woken in these tests: a poll would hide a lost wake-up.
        var options = new QueueOptions { Name = "work", PollInterval = TimeSpan.FromMinutes(1) };
        configure?.Invoke(options);
        var bed = new QueueBed(store, options, on);
        await bed.Backend.PrepareAsync(options, Ct);
        return bed;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Job NewJob(string? lane = null, string? key = null, string payload = "{}") =>
        new()
        {
            Queue = options.Name,
            Payload = Encoding.UTF8.GetBytes(payload),
            Lane = lane,
            LimitKey = key,
        };

    public async Task<Job> AddAsync(string? lane = null, string? key = null, string payload = "{}")
    {
        var job = NewJob(lane, key, payload);
        await AddAsync(job);
        return job;
    }

    public async Task<int> AddAsync(params Job[] jobs) => await Backend.EnqueueAsync(jobs, Ct);

    /// <summary>What may be claimed this moment.</summary>
    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(
        int max = 100,
        IQueueBackend? by = null,
        string worker = "tester"
    )
    {
        var now = new CancellationToken(canceled: true);
        return await (by ?? Backend).ClaimAsync(options, worker, max, now);
    }

    public async Task<ClaimedJob> ClaimOneAsync() => Assert.Single(await ClaimAsync(1));

    public async Task<bool> SettleAsync(ClaimedJob job, JobOutcome outcome)
    {
        var resolved = outcome.Resolve(job.Lease.Attempt, options, new Random(1));
        var held = await Backend.SettleAsync([new JobSettlement(job.Lease, resolved)], Ct);
        return held.Contains(job.Lease);
    }

    public Task<RescueCounts> RescueAsync() => RescueAsync(Backend, Ct);

    public async Task<RescueCounts> RescueAsync(IQueueBackend on, CancellationToken until)
    {
        var log = NullLogger<AbandonedJobRescuer>.Instance;
        var rescuer = new AbandonedJobRescuer(on, options, TimeProvider.System, metrics, log);
        return await rescuer.RunOnceAsync(until);
    }

    public async Task<IReadOnlyList<DeadJob>> DeadAsync(string? text = null) =>
        await Backend.FindDeadAsync(
            new DeadJobFilter { Queue = options.Name, Text = text },
            null,
            100,
            Ct
        );

    public async Task<int> ActAsync(
        DeadJobAction action,
        string? text = null,
        bool dryRun = false
    ) =>
        await Backend.ActOnDeadAsync(
            new DeadJobFilter { Queue = options.Name, Text = text },
            action,
            dryRun,
            Ct
        );

    public async Task<QueueFigures> MeasureAsync() => await Backend.MeasureAsync(options.Name, Ct);

    public async Task<QueueWorker> StartWorkerAsync(JobDelegate handler, IQueueBackend? on = null)
    {
        var log = NullLogger<QueueWorker>.Instance;
        var worker = new QueueWorker(
            on ?? Backend,
            options,
            handler,
            TimeProvider.System,
            metrics,
            log
        );
        workers.Add(worker);
        await worker.StartAsync(Ct);
        return worker;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
            await worker.DisposeAsync();
        metrics.Dispose();
        await store.DisposeAsync();
    }
}
