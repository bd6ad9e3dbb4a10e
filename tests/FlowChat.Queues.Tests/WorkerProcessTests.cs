namespace FlowChat.Queues.Tests;

/// <summary>Workers in processes of their own, killed at random under load, stopped, and their servers harmed.</summary>
public abstract class WorkerProcessTests : IAsyncLifetime
{
    private const int Lanes = 25,
        Workers = 3,
        Kills = 8,
        Concurrency = 8;

    private readonly List<IQueueBackend> nodes = [];

    private protected QueueBed Bed { get; private set; } = null!;

    /// <summary>What the worker's command line begins with.</summary>
    protected abstract string[] Arguments { get; }

    protected virtual int Partitions => 1;

    /// <summary>Whether an effect is committed with its job's end: then it is there once, whoever dies.</summary>
    protected virtual bool HasEffectsOnce => true;

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var store = await CreateStoreAsync();
        Bed = await QueueBed.MakeAsync(store, o => o.Partitions = Partitions);
        nodes.AddRange([Bed.Backend, store.Open()]);
        await nodes[1].PrepareAsync(Bed.Options, Ct);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (Bed is not null)
            await Bed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Killed_workers_lose_nothing_and_keep_the_lanes_order()
    {
        using var enough = new CancellationTokenSource();
        var producing = ProduceAsync(enough.Token);
        var workers = new WorkerProcess[Workers];
        for (var n = 0; n < Workers; n++)
            workers[n] = await StartAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            await HarmAsync(kill);
            var victim = Random.Shared.Next(Workers);
            for (var runs = Random.Shared.Next(1, 40); runs > 0; runs--)
                await workers[victim].UntilAsync("started");
            await workers[victim].DisposeAsync();
            workers[victim] = await StartAsync();
        }
        await CarriedAsync();
        await enough.CancelAsync();
        var (attempted, acknowledged) = await producing;
        await BelowAsync(1);
        foreach (var worker in workers)
            await worker.DisposeAsync();

        var report = FaultReport.Of(attempted, acknowledged, await EffectsAsync());
        TestContext.Current.SendDiagnosticMessage("{0}: {1}", GetType().Name, report);
        Assert.Equal(
            new FaultReport(attempted, attempted, Done: attempted, 0, report.Duplicated, 0, 0, 0),
            report
        );
        Assert.InRange(report.Duplicated, 0, HasEffectsOnce ? 0 : Kills * Concurrency);
        Assert.Empty(await Bed.DeadAsync());
    }

    [Fact]
    public async Task A_worker_stopped_beyond_its_lease_settles_nothing_when_it_wakes()
    {
        var job = await Bed.AddAsync("a", payload: "1");
        var next = await Bed.AddAsync("a", payload: "2");
        await using var sleeper = await StartAsync("hold");
        await sleeper.UntilAsync($"started {job.Id}");
        await sleeper.StopAsync();

        await using var other = await StartAsync();
        await other.UntilAsync("done");
        await other.UntilAsync("done");
        await sleeper.ContinueAsync();
        sleeper.Say("go on");

        await sleeper.UntilAsync($"fenced {job.Id}");
        Assert.Equal([1, 2], (await EffectsAsync()).Select(effect => effect.N));
        Assert.Equal(0, (await Bed.MeasureAsync()).Waiting);
    }

    protected abstract Task<IQueueStore> CreateStoreAsync();

    private protected abstract Task<List<Effect>> EffectsAsync();

    /// <summary>Something else that goes wrong, before each kill.</summary>
    protected virtual Task HarmAsync(int kill) => Task.CompletedTask;

    /// <summary>Waits, under load, until jobs have come the way that this is about.</summary>
    protected virtual Task CarriedAsync() => Task.CompletedTask;

    private Task<WorkerProcess> StartAsync(params string[] more) =>
        WorkerProcess.StartAsync([.. Arguments, .. more]);

    private async Task<(int Attempted, HashSet<Guid> Acknowledged)> ProduceAsync(
        CancellationToken enough
    )
    {
        var acknowledged = new HashSet<Guid>();
        var attempted = 0;
        for (var turn = 0; !enough.IsCancellationRequested; turn++)
        {
            var jobs = Enumerable
                .Range(attempted, 50)
                .Select(n => Bed.NewJob($"lane-{n % Lanes}", payload: $"{n}"))
                .ToArray();
            attempted += jobs.Length;
            await nodes[turn % nodes.Count].EnqueueAsync(jobs, Ct);
            acknowledged.UnionWith(jobs.Select(job => job.Id));
            await BelowAsync(300);
        }
        return (attempted, acknowledged);
    }

    private async Task BelowAsync(int open)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (
            await Bed.MeasureAsync() is var now && now.Waiting + now.Active + now.Delayed >= open
        )
            await timer.WaitForNextTickAsync(Ct).AsTask().WaitAsync(QueueBed.Soon, Ct);
    }
}
