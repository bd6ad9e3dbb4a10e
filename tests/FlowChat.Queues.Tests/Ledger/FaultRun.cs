using System.Globalization;
using System.Text;

namespace FlowChat.Queues.Tests.Ledger;

/// <summary>Load on a ledger whose broker suffers: processes that add to lanes, and workers on as many others.</summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private const int Lanes = 20,
        Batch = 25,
        MaxOpen = 400;

    private readonly QueueBed bed;
    private readonly List<IQueueBackend> processes = [];
    private readonly List<Effect> effects = [];
    private readonly SemaphoreSlim ran = new(0);
    private readonly CancellationTokenSource enough = new();
    private readonly HashSet<Guid> acknowledged = [];
    private Task producing = Task.CompletedTask;
    private int attempted;
    private long marks;

    private FaultRun(QueueBed bed) => this.bed = bed;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The longest that a caller waited for its jobs to be added.</summary>
    public TimeSpan LongestAdd { get; private set; }

    public static async Task<FaultRun> StartAsync(IQueueStore store, int workers = 3)
    {
        var run = new FaultRun(
            await QueueBed.MakeAsync(
                store,
                o => (o.PollInterval, o.Concurrency) = (TimeSpan.FromSeconds(1), 8)
            )
        );
        for (var n = 0; n < workers; n++)
        {
            run.processes.Add(store.Open());
            await run.bed.StartWorkerAsync(run.HandleAsync, run.processes[n]);
        }
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

    public async Task AssertCleanAsync()
    {
        var report = await FinishAsync();
        TestContext.Current.SendDiagnosticMessage("{0}, longest add {1}", report, LongestAdd);
        Assert.Equal(
            new FaultReport(attempted, attempted, Done: attempted, 0, 0, 0, 0, Together: 0),
            report
        );
        Assert.InRange(LongestAdd, TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    public ValueTask DisposeAsync()
    {
        enough.Cancel();
        return bed.DisposeAsync();
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
