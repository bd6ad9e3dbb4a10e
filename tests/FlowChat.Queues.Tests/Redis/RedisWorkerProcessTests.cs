using System.Globalization;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>Without a ledger an effect may be repeated by who takes over, and by nobody else.</summary>
public sealed class RedisWorkerProcessTests(DurableRedisFixture redis)
    : IClassFixture<DurableRedisFixture>
{
    private const int Lanes = 25,
        Kills = 6,
        Concurrency = 8;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_workers_lose_nothing_and_keep_the_lanes_order()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(store);
        using var enough = new CancellationTokenSource();
        var producing = ProduceAsync(bed, enough.Token);
        var workers = new WorkerProcess[3];
        for (var n = 0; n < workers.Length; n++)
            workers[n] = await WorkerProcess.StartAsync(redis.Url, store.Prefix);
        for (var kill = 0; kill < Kills; kill++)
        {
            var victim = kill % workers.Length;
            for (var run = 0; run < 20; run++)
                await workers[victim].UntilAsync("started");
            await workers[victim].DisposeAsync();
            workers[victim] = await WorkerProcess.StartAsync(redis.Url, store.Prefix);
        }
        await enough.CancelAsync();
        var (attempted, acknowledged) = await producing;
        await BelowAsync(bed, 1);
        foreach (var worker in workers)
            await worker.DisposeAsync();

        var report = FaultReport.Of(attempted, acknowledged, await EffectsAsync(store));
        TestContext.Current.SendDiagnosticMessage("{0}", report);
        Assert.Equal(
            (attempted, 0, 0, 0),
            (report.Done, report.Lost, report.Unexpected, report.OutOfOrder)
        );
        Assert.InRange(report.Duplicated, 0, Kills * Concurrency);
        Assert.Empty(await bed.DeadAsync());
    }

    [Fact]
    public async Task A_worker_stopped_beyond_its_lease_settles_nothing_when_it_wakes()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(store);
        var job = await bed.AddAsync("a", payload: "1");
        var next = await bed.AddAsync("a", payload: "2");
        await using var sleeper = await WorkerProcess.StartAsync(redis.Url, store.Prefix, "hold");
        await sleeper.UntilAsync($"started {job.Id}");
        await sleeper.StopAsync();

        await using var other = await WorkerProcess.StartAsync(redis.Url, store.Prefix);
        await other.UntilAsync($"done {job.Id}");
        await other.UntilAsync($"done {next.Id}");
        await sleeper.ContinueAsync();
        sleeper.Say("go on");

        await sleeper.UntilAsync($"fenced {job.Id}");
        Assert.Equal(2, (await EffectsAsync(store)).Count);
        Assert.Equal(0, (await bed.MeasureAsync()).Waiting);
    }

    private static async Task<(int Attempted, HashSet<Guid> Acknowledged)> ProduceAsync(
        QueueBed bed,
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
            await BelowAsync(bed, 300);
        }
        return (attempted, acknowledged);
    }

    private static async Task BelowAsync(QueueBed bed, int open)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (
            await bed.MeasureAsync() is var now && now.Waiting + now.Active + now.Delayed >= open
        )
            await timer.WaitForNextTickAsync(Ct).AsTask().WaitAsync(QueueBed.Soon, Ct);
    }

    private static async Task<List<Effect>> EffectsAsync(RedisQueueStore store)
    {
        var entries = await store.Client.SendAsync(
            new RedisCommand("XRANGE", $"{store.Prefix}effects", "-", "+"),
            Ct
        );
        var effects = new List<Effect>();
        foreach (var entry in entries.Items)
            effects.Add(
                new Effect(
                    Guid.Parse(entry[1][1].Text, CultureInfo.InvariantCulture),
                    entry[1][3].Text,
                    (int)entry[1][5].Integer
                )
            );
        return effects;
    }
}
