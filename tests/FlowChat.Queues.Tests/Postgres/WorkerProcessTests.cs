using Dapper;

namespace FlowChat.Queues.Tests.Postgres;

public sealed class WorkerProcessTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const int Jobs = 2000,
        Lanes = 25,
        Kills = 8;

    private PostgresQueueStore store = null!;
    private QueueBed bed = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await postgres.CreateStoreAsync();
        bed = await QueueBed.MakeAsync(store);
        await using var connection = await store.DataSource.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync(
            "create table effects (no bigint generated always as identity, job_id uuid, lane text, n int)"
        );
    }

    public ValueTask DisposeAsync() => bed.DisposeAsync();

    [Fact]
    public async Task Killed_workers_lose_nothing_double_nothing_and_keep_the_lanes_order()
    {
        using var enough = new CancellationTokenSource();
        var producing = ProduceAsync(enough.Token);
        var workers = new WorkerProcess[3];
        for (var n = 0; n < workers.Length; n++)
            workers[n] = await WorkerProcess.StartAsync(store.ConnectionString);
        for (var kill = 0; kill < Kills; kill++)
        {
            var victim = kill % workers.Length;
            for (var run = 0; run < 20; run++)
                await workers[victim].UntilAsync("started");
            await workers[victim].DisposeAsync();
            workers[victim] = await WorkerProcess.StartAsync(store.ConnectionString);
        }
        await enough.CancelAsync();
        var (attempted, acknowledged) = await producing;
        await BelowAsync(1);
        foreach (var worker in workers)
            await worker.DisposeAsync();

        var report = FaultReport.Of(attempted, acknowledged, await EffectsAsync());
        TestContext.Current.SendDiagnosticMessage("{0}", report);
        Assert.Equal(
            new FaultReport(
                attempted,
                attempted,
                Done: attempted,
                Lost: 0,
                Duplicated: 0,
                Unexpected: 0,
                OutOfOrder: 0
            ),
            report
        );
        Assert.Empty(await bed.DeadAsync());
    }

    [Fact]
    public async Task A_worker_stopped_beyond_its_lease_commits_nothing_when_it_wakes()
    {
        var job = await bed.AddAsync("a", payload: "1");
        await using var sleeper = await WorkerProcess.StartAsync(store.ConnectionString, "hold");
        await sleeper.UntilAsync($"started {job.Id}");
        await sleeper.StopAsync();

        await using var other = await WorkerProcess.StartAsync(store.ConnectionString);
        await other.UntilAsync($"done {job.Id}");
        await sleeper.ContinueAsync();
        sleeper.Say("go on");

        await sleeper.UntilAsync($"fenced {job.Id}");
        Assert.Single(await EffectsAsync());
    }

    private async Task<(int Attempted, HashSet<Guid> Acknowledged)> ProduceAsync(
        CancellationToken enough
    )
    {
        var acknowledged = new HashSet<Guid>();
        var attempted = 0;
        while (!enough.IsCancellationRequested)
        {
            var jobs = Enumerable
                .Range(attempted, 50)
                .Select(n => bed.NewJob($"lane-{n % Lanes}", payload: $"{n}"))
                .ToArray();
            attempted += jobs.Length;
            await bed.AddAsync(jobs);
            acknowledged.UnionWith(jobs.Select(job => job.Id));
            await BelowAsync(300);
        }
        return (attempted, acknowledged);
    }

    private async Task BelowAsync(int open)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (
            await bed.MeasureAsync() is var now && now.Waiting + now.Active + now.Delayed >= open
        )
            await timer.WaitForNextTickAsync(Ct).AsTask().WaitAsync(QueueBed.Soon, Ct);
    }

    private async Task<List<Effect>> EffectsAsync()
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(Ct);
        return
        [
            .. await connection.QueryAsync<Effect>(
                "select job_id as JobId, lane, n from effects order by no"
            ),
        ];
    }
}
