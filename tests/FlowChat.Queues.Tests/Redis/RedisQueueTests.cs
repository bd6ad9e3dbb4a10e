using System.Text;
using System.Threading.Channels;
using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>What only a Redis queue has: limits of memory, its names, its lists for people.</summary>
public sealed class RedisQueueTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_queue_refuses_all_of_a_batch_and_takes_it_when_there_is_room()
    {
        await using var bed = await QueueBed.MakeAsync(redis.CreateStore(o => o.MaxLength = 3));
        var known = await bed.AddAsync("a");
        await bed.AddAsync("a");
        Job[] batch = [known, bed.NewJob(), bed.NewJob()];

        await Assert.ThrowsAsync<QueueFullException>(() => bed.AddAsync(batch));
        Assert.Equal(2, (await bed.MeasureAsync()).Waiting);

        // The dead take no room.
        await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Dead("no"));
        Assert.Equal(2, await bed.AddAsync(batch));
    }

    [Fact]
    public async Task Without_memory_nothing_is_added_and_what_is_there_can_be_done()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(store);
        await bed.AddAsync("a");
        await bed.AddAsync(
            bed.NewJob("a") with
            {
                ExpiresAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1),
            }
        );
        try
        {
            await ConfigAsync(store, "maxmemory", "1");
            await Assert.ThrowsAsync<QueueFullException>(() => bed.AddAsync("a"));

            for (var n = 0; n < 2; n++)
                await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Done);
        }
        finally
        {
            await ConfigAsync(store, "maxmemory", "0");
        }
        Assert.Equal(0, (await bed.MeasureAsync()).Waiting);
        Assert.Equal(1, await bed.AddAsync(bed.NewJob("a")));
    }

    [Fact]
    public async Task Without_memory_a_process_that_starts_does_what_is_there_and_makes_room()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(store);
        await bed.AddAsync("a");
        await bed.AddAsync();
        try
        {
            await ConfigAsync(store, "maxmemory", "1");
            var started = new QueueBed(store, bed.Options);
            await started.Backend.PrepareAsync(bed.Options, Ct);

            var figures = await started.MeasureAsync();
            Assert.Equal(2, figures.Waiting);
            Assert.Contains(figures.Warnings, warning => warning.Contains("full"));
            await started.Backend.SetPausedAsync("work", paused: true, Ct);
            Assert.Empty(await started.ClaimAsync());
            await started.Backend.SetPausedAsync("work", paused: false, Ct);
            foreach (var job in await started.ClaimAsync())
                Assert.True(await started.SettleAsync(job, JobOutcome.Dead("no")));
            Assert.Equal(2, await started.ActAsync(DeadJobAction.Discard));
        }
        finally
        {
            await ConfigAsync(store, "maxmemory", "0");
        }
    }

    [Fact]
    public async Task A_server_that_may_evict_jobs_is_told_of()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(store);
        var figures = await bed.MeasureAsync();
        Assert.Equal("redis", figures.Backend);
        Assert.Empty(figures.Warnings);
        Assert.NotEmpty(EvictionPolicy.Check("maxmemory:100\r\nmaxmemory_policy:allkeys-lru\r\n"));
        Assert.NotEmpty(EvictionPolicy.Check("maxmemory:0\r\nmaxmemory_policy:allkeys-lru\r\n"));
        Assert.Empty(EvictionPolicy.Check("maxmemory:100\r\nmaxmemory_policy:volatile-lru\r\n"));
    }

    [Fact]
    public async Task A_server_that_may_forget_what_a_key_began_is_told_of()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(
            store,
            o => (o.KeyRate, o.KeyRatePeriod) = (1, TimeSpan.FromMinutes(1))
        );
        await using var unrated = await QueueBed.MakeAsync(redis.CreateStore());
        try
        {
            await ConfigAsync(store, "maxmemory-policy", "volatile-ttl");

            Assert.Contains("volatile-ttl", Assert.Single((await bed.MeasureAsync()).Warnings));
            var check = (IBrokerCheck)bed.Backend;
            Assert.Contains("volatile-ttl", Assert.Single(await check.FindFaultsAsync(Ct)));
            Assert.Empty((await unrated.MeasureAsync()).Warnings);
        }
        finally
        {
            await ConfigAsync(store, "maxmemory-policy", "noeviction");
        }
    }

    [Theory]
    [InlineData(99, 100, false)]
    [InlineData(100, 100, true)]
    [InlineData(100, 0, false)]
    public void A_server_without_room_is_told_of(long used, long limit, bool isFull) =>
        Assert.Equal(
            isFull,
            EvictionPolicy
                .Check(
                    $"used_memory:{used}\r\nmaxmemory:{limit}\r\nmaxmemory_policy:noeviction\r\n"
                )
                .Count == 1
        );

    [Fact]
    public async Task The_last_completed_and_failed_jobs_are_kept_and_the_dead_are_copied()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(
            store,
            o => (o.CompletedHistory, o.FailedHistory) = (3, 2)
        );
        await bed.AddAsync([.. Enumerable.Range(0, 10).Select(n => bed.NewJob(payload: $"{n}"))]);
        var claimed = await bed.ClaimAsync();
        await bed.Backend.SettleAsync(
            [
                .. claimed.Select(
                    (job, n) =>
                        new JobSettlement(
                            job.Lease,
                            n % 2 == 0 ? JobOutcome.Done : JobOutcome.Dead("no")
                        )
                ),
            ],
            Ct
        );

        await bed.RescueAsync();
        Assert.Equal(["8", "6", "4"], await HistoryAsync(store, "completed"));
        Assert.Equal(["9", "7"], await HistoryAsync(store, "failed"));
        await ((IAsyncDisposable)bed.Backend).DisposeAsync();
        var copies = await store.Client.SendAsync(
            new RedisCommand("XLEN", $"{store.Prefix}dead_letter"),
            Ct
        );
        Assert.Equal(5, copies.Integer);
    }

    [Fact]
    public async Task A_delayed_job_runs_when_it_is_due_not_when_somebody_looks()
    {
        await using var bed = await QueueBed.MakeAsync(redis.CreateStore());
        var runs = Channel.CreateUnbounded<DateTimeOffset>();
        await bed.StartWorkerAsync(
            (_, _, _) =>
            {
                runs.Writer.TryWrite(TimeProvider.System.GetUtcNow());
                return ValueTask.FromResult(JobOutcome.Done);
            }
        );
        await bed.AddAsync();
        await runs.Reader.ReadAsync(Ct);
        var due = TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(200);

        await bed.AddAsync(bed.NewJob() with { DueAt = due });

        var ran = await runs.Reader.ReadAsync(Ct).AsTask().WaitAsync(QueueBed.Soon, Ct);
        Assert.InRange(ran - due, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Due_jobs_are_let_go_again_after_the_server_refused_it()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(
            store,
            o => o.PollInterval = TimeSpan.FromMilliseconds(20)
        );
        var runs = Channel.CreateUnbounded<Guid>();
        await SendAsync("SET", $"{{{store.Prefix}work}}:delayed", "no set");
        await bed.StartWorkerAsync(
            (_, context, _) =>
            {
                runs.Writer.TryWrite(context.JobId);
                return ValueTask.FromResult(JobOutcome.Done);
            }
        );
        while (!(await SendAsync("INFO", "errorstats")).Text.Contains("WRONGTYPE"))
            await Task.Yield();

        await SendAsync("DEL", $"{{{store.Prefix}work}}:delayed");
        var due = TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(50);
        await bed.AddAsync(bed.NewJob() with { DueAt = due });

        await runs.Reader.ReadAsync(Ct).AsTask().WaitAsync(QueueBed.Soon, Ct);

        async Task<RedisReply> SendAsync(string name, params RedisValue[] arguments) =>
            await store.Client.SendAsync(new RedisCommand(name, arguments), Ct);
    }

    [Fact]
    public async Task Names_are_as_they_were_chosen()
    {
        var store = redis.CreateStore(o =>
        {
            o.Group = "senders";
            o.StreamNames["work"] = "send_message";
        });
        await using var bed = await QueueBed.MakeAsync(store);
        await bed.AddAsync();

        var groups = await store.Client.SendAsync(
            new RedisCommand("XINFO", "GROUPS", $"{store.Prefix}send_message"),
            Ct
        );

        Assert.Equal("senders", groups[0][1].Text);
        await Assert.ThrowsAsync<ArgumentException>(() =>
            bed.AddAsync(bed.NewJob(), bed.NewJob() with { Queue = "other" })
        );
    }

    private static async Task ConfigAsync(RedisQueueStore store, string name, string value) =>
        await store.Client.SendAsync(new RedisCommand("CONFIG", "SET", name, value), Ct);

    private static async Task<List<string>> HistoryAsync(RedisQueueStore store, string name)
    {
        var list = await store.Client.SendAsync(
            new RedisCommand("LRANGE", $"{{{store.Prefix}work}}:{name}", 0, -1),
            Ct
        );
        var payloads = new List<string>();
        foreach (var entry in list.Items)
            // After the time of its end.
            payloads.Add(
                Encoding.UTF8.GetString(PackedJob.Read(entry.Bytes[8..]).Texts().Payload.Span)
            );
        return payloads;
    }
}
