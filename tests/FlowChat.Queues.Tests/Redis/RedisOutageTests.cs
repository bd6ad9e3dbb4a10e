using System.Threading.Channels;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>A Redis that goes, comes back, or comes back empty. Nobody has to restart anything.</summary>
public sealed class RedisOutageTests : IAsyncLifetime
{
    private readonly RedisServer server = new(durable: true);
    private RedisQueueStore store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await server.StartAsync(Ct);
        store = new RedisQueueStore(server.Url, "out:");
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_worker_goes_on_after_everything_was_flushed(int partitions)
    {
        await using var bed = await QueueBed.MakeAsync(store, o => o.Partitions = partitions);
        var runs = await StartWorkerAsync(bed);
        await bed.AddAsync();
        await NextAsync(runs);

        await SendAsync("FLUSHALL");
        await SendAsync("SCRIPT", "FLUSH");
        var next = await bed.AddAsync("a");

        Assert.Equal(next.Id, await NextAsync(runs));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_worker_goes_on_after_a_server_came_back_empty(int partitions)
    {
        await using var bed = await QueueBed.MakeAsync(store, o => o.Partitions = partitions);
        var runs = await StartWorkerAsync(bed);
        await bed.AddAsync();
        await NextAsync(runs);

        await server.WipeAsync(Ct);
        var next = await AddWhenBackAsync(bed);

        Assert.Equal(next.Id, await NextAsync(runs));
    }

    [Fact]
    public async Task What_a_killed_server_had_written_is_done_after_its_return()
    {
        await using var bed = await QueueBed.MakeAsync(store);
        await SendAsync("CONFIG", "SET", "appendfsync", "always");
        Job[] jobs = [bed.NewJob("a"), bed.NewJob("a")];
        await bed.AddAsync(jobs);

        await server.RestartAsync(Ct);
        var runs = await StartWorkerAsync(bed, store.Open());

        Assert.Equal(jobs.Select(job => job.Id), [await NextAsync(runs), await NextAsync(runs)]);
    }

    [Fact]
    public async Task What_was_confirmed_is_run_in_order_after_an_outage_and_nothing_else()
    {
        await using var bed = await QueueBed.MakeAsync(store);
        await SendAsync("CONFIG", "SET", "appendfsync", "always");
        var runs = await StartWorkerAsync(bed);
        Job[] before = [.. Enumerable.Range(0, 500).Select(n => bed.NewJob($"lane-{n % 20}"))];
        await bed.AddAsync(before);
        await server.KillAsync(Ct);
        var refused = await RefusedAsync(bed);
        await server.StartAsync(Ct);
        var last = await AddWhenBackAsync(bed);
        // What was given out as the server died, and never came.
        await WhenBackAsync(() => store.AdvanceAsync(2 * bed.Options.Lease));
        await bed.RescueAsync();

        List<Job> added = [.. before, last];
        var numbers = added.Select((job, n) => (job, n)).ToDictionary(a => a.job.Id);
        var left = numbers.Keys.ToHashSet();
        var effects = new List<Effect>();
        while (left.Count > 0)
        {
            var id = await NextAsync(runs);
            left.Remove(id);
            var (job, n) = numbers.GetValueOrDefault(id);
            effects.Add(new Effect(id, job?.Lane ?? "", n));
        }
        var report = FaultReport.Of(added.Count + refused, [.. numbers.Keys], effects);
        TestContext.Current.SendDiagnosticMessage("away {0}: {1}", Outage.Length, report);
        Assert.Equal((0, 0, 0), (report.Lost, report.Unexpected, report.OutOfOrder));
    }

    [Fact]
    public async Task A_queue_whose_stream_is_gone_is_empty_and_not_broken()
    {
        await using var bed = await QueueBed.MakeAsync(store);
        await bed.AddAsync();
        var claimed = await bed.ClaimOneAsync();
        await SendAsync("FLUSHALL");

        Assert.Equal(
            (0, 0),
            ((await bed.MeasureAsync()).Waiting, (await bed.MeasureAsync()).Active)
        );
        Assert.Equal(new RescueCounts(0, 0), await bed.RescueAsync());
        Assert.False(await bed.SettleAsync(claimed, JobOutcome.Done));
        Assert.Empty(await bed.Backend.RenewAsync(bed.Options, [claimed.Lease], Ct));
        Assert.Empty(await bed.ClaimAsync());

        await SendAsync("FLUSHALL");
        await bed.Backend.SetPausedAsync("work", paused: true, Ct);
        await bed.AddAsync();
        Assert.Empty(await bed.ClaimAsync());
        await bed.Backend.SetPausedAsync("work", paused: false, Ct);
        await bed.ClaimOneAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_deleted_stream_held_blocks_nobody_behind_it(bool claimed)
    {
        await using var bed = await QueueBed.MakeAsync(store, o => o.KeyConcurrency = 1);
        Job[] jobs = [bed.NewJob("a", "x"), bed.NewJob("a", "x"), bed.NewJob("b", "x")];
        await bed.AddAsync(jobs);
        var stale = claimed ? await bed.ClaimOneAsync() : null;

        await SendAsync("DEL", $"{store.Prefix}work");
        var next = await bed.ClaimOneAsync();
        Assert.Equal(1, await bed.AddAsync(jobs[0]));
        Assert.False(stale is not null && await bed.SettleAsync(stale, JobOutcome.Done));

        foreach (var expected in new[] { jobs[1], jobs[2], jobs[0] })
        {
            Assert.Equal(expected.Id, next.Lease.JobId);
            Assert.Empty(await bed.ClaimAsync());
            Assert.True(await bed.SettleAsync(next, JobOutcome.Done));
            if (expected != jobs[0])
                next = await bed.ClaimOneAsync();
        }
        Assert.Equal(0, (await bed.MeasureAsync()).Waiting);
    }

    [Fact]
    public async Task A_deleted_entry_is_noticed_and_its_lane_goes_on()
    {
        await using var bed = await QueueBed.MakeAsync(store);
        await bed.AddAsync("a");
        var next = await bed.AddAsync("a");
        await bed.ClaimOneAsync();
        await SendAsync("XTRIM", $"{store.Prefix}work", "MAXLEN", "0");

        await store.AdvanceAsync(2 * bed.Options.Lease);
        await bed.RescueAsync();

        Assert.Equal(next.Id, (await bed.ClaimOneAsync()).Lease.JobId);
    }

    private static async Task<Channel<Guid>> StartWorkerAsync(
        QueueBed bed,
        IQueueBackend? on = null
    )
    {
        var runs = Channel.CreateUnbounded<Guid>();
        await bed.StartWorkerAsync(
            (_, context, _) =>
            {
                runs.Writer.TryWrite(context.JobId);
                return ValueTask.FromResult(JobOutcome.Done);
            },
            on
        );
        return runs;
    }

    private static async Task<Guid> NextAsync(Channel<Guid> runs) =>
        await runs.Reader.ReadAsync(Ct).AsTask().WaitAsync(QueueBed.Soon, Ct);

    private static async Task<Job> AddWhenBackAsync(QueueBed bed)
    {
        var job = bed.NewJob();
        await WhenBackAsync(() => bed.AddAsync(job));
        return job;
    }

    private static async Task WhenBackAsync(Func<Task> call)
    {
        var patience = new Patience(TimeProvider.System, Random.Shared);
        while (true)
            try
            {
                await call();
                return;
            }
            catch (QueueUnavailableException)
            {
                await patience.WaitAsync(Ct);
            }
    }

    /// <returns>How many jobs were refused while the server was away.</returns>
    private static async Task<int> RefusedAsync(QueueBed bed)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var patience = new Patience(TimeProvider.System, Random.Shared);
        for (var refused = 0; ; refused++)
        {
            if (refused > 0 && TimeProvider.System.GetElapsedTime(begun) >= Outage.Length)
                return refused;
            await Assert.ThrowsAsync<QueueUnavailableException>(() => bed.AddAsync());
            await patience.WaitAsync(Ct);
        }
    }

    private async Task SendAsync(string name, params string[] arguments) =>
        await store.Client.SendAsync(
            new RedisCommand(name, [.. arguments.Select(text => (RedisValue)text)]),
            Ct
        );
}
