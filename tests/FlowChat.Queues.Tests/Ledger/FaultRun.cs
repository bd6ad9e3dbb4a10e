using System.Globalization;
using System.Text;

namespace FlowChat.Queues.Tests.Ledger;

/// <summary>Load on a ledger whose broker suffers: processes that add to lanes, and workers on as many others.</summary>
internal sealed class FaultRun : IAsyncDisposable
{
    public const int Lanes = 20;

    private const int Batch = 25,
        MaxOpen = 400,
        Suffering = 2;

    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private readonly QueueBed bed;
    private readonly List<IQueueBackend> processes = [];
    private readonly List<Effect> effects = [];
    private readonly SemaphoreSlim ran = new(0);
    private readonly CancellationTokenSource enough = new();
    private readonly CancellationTokenSource over = new();
    private readonly HashSet<Guid> acknowledged = [];
    private Task producing = Task.CompletedTask;
    private Task rescuing = Task.CompletedTask;
    private int attempted;
    private long marks;

    private FaultRun(QueueBed bed) => this.bed = bed;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The longest that a caller waited for its jobs to be added.</summary>
    public TimeSpan LongestAdd { get; private set; }

    public static async Task<FaultRun> StartAsync(IQueueStore store, int workers = 3)
    {
        var run = new FaultRun(await BedAsync(store));
        for (var n = 0; n < workers; n++)
        {
            run.processes.Add(store.Open());
            await run.bed.StartWorkerAsync(run.HandleAsync, run.processes[n]);
        }
        run.producing = run.ProduceAsync();
        return run;
    }

    /// <summary>
    /// Without a ledger: one worker, who adds and the rescuer have a good way to the store, the other workers the way that
    /// suffers. What these are given and never hear of comes back after <see cref="Lease"/>.
    /// </summary>
    public static async Task<FaultRun> StartAsync(IQueueStore store, IQueueStore suffering)
    {
        var run = new FaultRun(await BedAsync(store, o => o.Lease = Lease));
        run.processes.Add(store.Open());
        await run.bed.StartWorkerAsync(run.HandleAsync, run.processes[0]);
        for (var n = 0; n < Suffering; n++)
            await run.bed.StartWorkerAsync(run.HandleAsync, suffering.Open());
        run.rescuing = run.RescueAsync();
        run.producing = run.ProduceAsync();
        return run;
    }

    /// <summary>Until so many more jobs have run.</summary>
    public async Task MoreAsync(int jobs)
    {
        for (var n = 0; n < jobs; n++)
            Assert.True(await ran.WaitAsync(TimeSpan.FromSeconds(40), Ct), "nothing runs");
    }

    /// <summary>For as long as an outage lasts: jobs go on running.</summary>
    public async Task ThroughAsync(TimeSpan outage)
    {
        var begun = TimeProvider.System.GetTimestamp();
        do await MoreAsync(100);
        while (TimeProvider.System.GetElapsedTime(begun) < outage);
    }

    /// <summary>Adds no more, waits for what is open, and counts.</summary>
    public async Task<FaultReport> FinishAsync()
    {
        await enough.CancelAsync();
        await producing;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await bed.MeasureAsync() is var now && now.Waiting + now.Active + now.Delayed > 0)
            await timer.WaitForNextTickAsync(Ct).AsTask().WaitAsync(QueueBed.Soon, Ct);
        lock (effects)
            return FaultReport.Of(attempted, acknowledged, effects);
    }

    /// <param name="again">How many jobs may have run again: those whose end a fault kept from the store for too long.</param>
    public async Task AssertCleanAsync(int again = 0)
    {
        var report = await FinishAsync();
        TestContext.Current.SendDiagnosticMessage("{0}, longest add {1}", report, LongestAdd);
        Assert.Equal(
            new FaultReport(attempted, attempted, Done: attempted, 0, report.Duplicated, 0, 0, 0),
            report
        );
        Assert.InRange(report.Duplicated, 0, again);
        Assert.InRange(LongestAdd, TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    public async ValueTask DisposeAsync()
    {
        await enough.CancelAsync();
        await over.CancelAsync();
        await rescuing;
        await bed.DisposeAsync();
        enough.Dispose();
        over.Dispose();
    }

    private static Task<QueueBed> BedAsync(
        IQueueStore store,
        Action<QueueOptions>? configure = null
    ) =>
        QueueBed.MakeAsync(
            store,
            o =>
            {
                (o.PollInterval, o.Concurrency) = (TimeSpan.FromSeconds(1), 8);
                configure?.Invoke(o);
            }
        );

    private async Task RescueAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await timer.WaitForNextTickAsync(over.Token))
                await bed.RescueAsync(bed.Backend, over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested) { }
    }

    private async ValueTask<JobOutcome> HandleAsync(
        ReadOnlyMemory<byte> payload,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var begun = Interlocked.Increment(ref marks);
        await AtOnce.StayAsync();
        var n = int.Parse(Encoding.UTF8.GetString(payload.Span), CultureInfo.InvariantCulture);
        lock (effects)
            effects.Add(
                new Effect(context.JobId, context.Lane!, n, begun, Interlocked.Increment(ref marks))
            );
        ran.Release();
        return JobOutcome.Done;
    }

    private async Task ProduceAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var turn = 0; !enough.IsCancellationRequested; turn++)
        {
            var jobs = Enumerable
                .Range(attempted, Batch)
                .Select(n => bed.NewJob($"lane-{n % Lanes}", payload: $"{n}"))
                .ToArray();
            attempted += jobs.Length;
            var begun = TimeProvider.System.GetTimestamp();
            await processes[turn % processes.Count].EnqueueAsync(jobs, Ct);
            var took = TimeProvider.System.GetElapsedTime(begun);
            LongestAdd = took > LongestAdd ? took : LongestAdd;
            acknowledged.UnionWith(jobs.Select(job => job.Id));
            while (attempted - Ran > MaxOpen && !enough.IsCancellationRequested)
                await timer.WaitForNextTickAsync(Ct);
        }
    }

    private int Ran
    {
        get
        {
            lock (effects)
                return effects.Count;
        }
    }
}
