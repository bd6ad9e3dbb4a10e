using System.Threading.Channels;
using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Queues.Redis.Resp.Cluster;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>A queue in several streams looks like one.</summary>
public sealed class RedisPartitionTests(RedisFixture redis, RedisClusterFixture cluster)
    : IClassFixture<RedisFixture>,
        IClassFixture<RedisClusterFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_a_cluster_the_streams_have_slots_of_their_own_and_one_name()
    {
        var store = cluster.CreateSpreadStore();
        await using var bed = await QueueBed.MakeAsync(store, o => o.Partitions = 3);
        await bed.AddAsync([.. Enumerable.Range(0, 60).Select(_ => bed.NewJob())]);

        string[] streams = ["work", "work/1", "work/2"];
        foreach (var stream in streams)
            Assert.InRange(await LengthAsync(store, stream), 1, 60);
        Assert.Equal(
            3,
            streams.Select(stream => ClusterSlot.Of(store.Prefix + stream)).Distinct().Count()
        );
        var jobs = await bed.ClaimAsync();
        Assert.Equal(60, jobs.DistinctBy(job => job.Lease.JobId).Count());
        Assert.All(jobs, job => Assert.Equal("work", job.Lease.Queue));
        var figures = await bed.MeasureAsync();
        Assert.Equal(("work", 60, 1), (figures.Queue, figures.Active, figures.BusyWorkers));
    }

    [Fact]
    public async Task One_worker_is_woken_by_every_partition()
    {
        await using var bed = await QueueBed.MakeAsync(redis.CreateStore(), o => o.Partitions = 8);
        var runs = Channel.CreateUnbounded<JobContext>();
        await bed.StartWorkerAsync(
            (_, context, _) =>
            {
                runs.Writer.TryWrite(context);
                return ValueTask.FromResult(JobOutcome.Done);
            }
        );

        for (var n = 0; n < 8; n++)
        {
            var job = Enumerable
                .Range(0, 1000)
                .Select(_ => bed.NewJob())
                .First(job => RedisPartitions.Number(job, 8) == n);
            await bed.AddAsync(job);
            var run = await runs.Reader.ReadAsync(Ct).AsTask().WaitAsync(QueueBed.Soon, Ct);
            Assert.Equal((job.Id, "work"), (run.JobId, run.Queue));
        }
    }

    [Fact]
    public async Task The_dead_are_one_list_in_pages_that_skip_none()
    {
        await using var bed = await QueueBed.MakeAsync(redis.CreateStore(), o => o.Partitions = 3);
        await bed.AddAsync([.. Enumerable.Range(0, 40).Select(_ => bed.NewJob())]);
        await bed.Backend.SettleAsync(
            [
                .. (await bed.ClaimAsync()).Select(job => new JobSettlement(
                    job.Lease,
                    JobOutcome.Dead("no")
                )),
            ],
            Ct
        );
        var filter = new DeadJobFilter { Queue = "work" };

        var listed = new List<DeadJob>();
        DeadJobCursor? after = null;
        while (await bed.Backend.FindDeadAsync(filter, after, 7, Ct) is { Count: > 0 } page)
        {
            listed.AddRange(page);
            after = new DeadJobCursor(page[^1].DeadAt, page[^1].Job.Id);
        }

        Assert.Equal(40, listed.DistinctBy(dead => dead.Job.Id).Count());
        Assert.Equal(listed.OrderByDescending(dead => dead.DeadAt), listed);
        Assert.All(listed, dead => Assert.Equal("work", dead.Job.Queue));
        Assert.Equal(40, await bed.ActAsync(DeadJobAction.Requeue()));
        Assert.Equal(40, (await bed.ClaimAsync()).Count);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(4, 1)]
    [InlineData(5, 3)]
    public async Task Another_number_leaves_no_job_behind_and_is_told_on_both_sides(
        int before,
        int after
    )
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(store, o => o.Partitions = before);
        await bed.AddAsync([.. Enumerable.Range(0, 50).Select(_ => bed.NewJob())]);

        var other = store.Open();
        var options = new QueueOptions { Name = "work", Partitions = after };
        await other.PrepareAsync(options, Ct);

        Assert.Equal(50, (await other.MeasureAsync("work", Ct)).Waiting);
        Assert.Equal(50, (await ClaimAsync(other, options)).Count);
        await TellsAsync(bed.Backend, $"into {after} partitions, this one into {before}");
        await TellsAsync(other, $"into {before} partitions, this one into {after}");

        // As long as a process lives it says so again; who has gone is forgotten.
        await store.AdvanceAsync(TimeSpan.FromMinutes(2), "work");
        Assert.Empty(await ((RedisQueueBackend)other).FindFaultsAsync(Ct));
        await TellsAsync(bed.Backend, $"into {after} partitions, this one into {before}");
    }

    private static async Task TellsAsync(IQueueBackend backend, string what)
    {
        var warnings = (await backend.MeasureAsync("work", Ct)).Warnings;
        Assert.Contains(what, Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(warnings, await ((RedisQueueBackend)backend).FindFaultsAsync(Ct));
    }

    [Fact]
    public async Task A_rescuer_finds_what_was_added_to_a_partition_that_it_had_seen_empty()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(store, o => o.Partitions = 4);
        var fewer = store.Open();
        var options = new QueueOptions { Name = "work" };
        await fewer.PrepareAsync(options, Ct);
        await bed.AddAsync([.. Enumerable.Range(0, 50).Select(_ => bed.NewJob())]);

        await fewer.MaintainAsync(options, "rescuer", 10, Ct);

        Assert.Equal(50, (await ClaimAsync(fewer, options)).Count);
    }

    [Theory]
    [InlineData(1, null, null)]
    [InlineData(null, 1, null)]
    [InlineData(null, null, 1)]
    public async Task Limits_are_refused(int? keyConcurrency, int? keyRate, int? rate)
    {
        await using var store = redis.CreateStore();
        var limited = new QueueOptions
        {
            Name = "work",
            Partitions = 2,
            KeyConcurrency = keyConcurrency,
            KeyRate = keyRate,
            Rate = rate,
        };

        await Assert.ThrowsAsync<NotSupportedException>(async () =>
            await store.Open().PrepareAsync(limited, Ct)
        );
    }

    [Fact]
    public async Task Limits_are_refused_while_partitions_of_before_hold_something()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(store, o => o.Partitions = 3);
        await bed.AddAsync([.. Enumerable.Range(0, 30).Select(_ => bed.NewJob())]);
        var limited = new QueueOptions { Name = "work", Rate = 100 };

        var refusal = await Assert.ThrowsAsync<NotSupportedException>(async () =>
            await store.Open().PrepareAsync(limited, Ct)
        );

        Assert.Contains("2 partitions of before", refusal.Message, StringComparison.Ordinal);
        foreach (var job in await bed.ClaimAsync())
            await bed.SettleAsync(job, JobOutcome.Done);
        await store.Open().PrepareAsync(limited, Ct);
    }

    [Fact]
    public async Task A_queue_that_is_full_takes_no_more_than_its_share_in_any_partition()
    {
        var store = redis.CreateStore(o => o.MaxLength = 8);
        await using var bed = await QueueBed.MakeAsync(store, o => o.Partitions = 4);
        Job[] lane = [bed.NewJob("a"), bed.NewJob("a"), bed.NewJob("a")];

        await bed.AddAsync(lane[..2]);

        await Assert.ThrowsAsync<QueueFullException>(() => bed.AddAsync(lane[2]));
    }

    [Fact]
    public void A_lane_has_the_same_partition_in_every_version_and_a_tenant_its_own()
    {
        Job NewJob(string? lane, Guid tenant = default) =>
            new()
            {
                Queue = "work",
                Payload = default,
                Lane = lane,
                TenantId = tenant,
                Id = Guid.Parse("0193a1c2-0000-7000-8000-000000000001"),
            };

        var tenants = Enumerable
            .Range(0, 100)
            .Select(_ => RedisPartitions.Number(NewJob("a", Guid.CreateVersion7()), 64));
        Assert.Equal(
            [38, 26, 13],
            [
                RedisPartitions.Number(NewJob("5511987654321"), 64),
                RedisPartitions.Number(NewJob("ção"), 64),
                RedisPartitions.Number(NewJob(null), 64),
            ]
        );
        Assert.InRange(tenants.Distinct().Count(), 20, 64);
    }

    private static async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(
        IQueueBackend by,
        QueueOptions options
    ) => await by.ClaimAsync(options, "other", 100, new CancellationToken(canceled: true));

    private static async Task<long> LengthAsync(RedisQueueStore store, string stream) =>
        (await store.Client.SendAsync(new RedisCommand("XLEN", store.Prefix + stream), Ct)).Integer;
}
