using System.Threading.Channels;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>Jobs of one batch share entries, and nobody but the server sees it.</summary>
public sealed class RedisEntryTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_of_one_entry_go_to_whoever_has_room_in_their_order()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(store);
        var ids = await AddAsync(bed, 20);
        Assert.Equal(2, await LengthAsync(store));

        var claimed = new List<ClaimedJob>();
        foreach (var by in (IQueueBackend[])[bed.Backend, store.Open(), bed.Backend])
            claimed.AddRange(await bed.ClaimAsync(claimed.Count < 2 ? 1 : 20, by));

        Assert.Equal(ids, claimed.Select(job => job.Lease.JobId));
        Assert.Equal(20, (await bed.MeasureAsync()).Active);
    }

    [Fact]
    public async Task What_is_settled_of_an_entry_stays_so_when_its_worker_dies()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(store);
        var ids = await AddAsync(bed, 10);
        var claimed = await bed.ClaimAsync(10);
        foreach (var job in claimed.Take(4))
            Assert.True(await bed.SettleAsync(job, JobOutcome.Done));
        Assert.True(await bed.SettleAsync(claimed[4], JobOutcome.HandBack));
        Assert.True(await bed.SettleAsync(claimed[5], JobOutcome.Dead("no")));
        Assert.False(await bed.SettleAsync(claimed[0], JobOutcome.Retry("again")));
        Assert.Equal((4, 1, 1), Counts(await bed.MeasureAsync()));

        await store.AdvanceAsync(2 * bed.Options.Lease);
        Assert.Equal(4, (await bed.RescueAsync()).Returned);

        Assert.False(await bed.SettleAsync(claimed[6], JobOutcome.Done));
        await store.AdvanceAsync(bed.Options.MaxRetryDelay);
        var left = await bed.ClaimAsync(20);
        Assert.Equal(ids[4], left[0].Lease.JobId);
        Assert.Equal(ids[6..].Order(), left.Skip(1).Select(job => job.Lease.JobId).Order());
        Assert.All(left, job => Assert.Equal(job.Lease.JobId == ids[4] ? 1 : 2, job.Lease.Attempt));
    }

    [Fact]
    public async Task A_job_that_failed_shares_no_entry()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(store);
        await AddAsync(bed, 8);
        var failed = await bed.ClaimAsync(8);
        await bed.Backend.SettleAsync(
            [
                .. failed.Select(job => new JobSettlement(
                    job.Lease,
                    JobOutcome.Retry("no", TimeSpan.Zero).Resolve(1, bed.Options, new Random(1))
                )),
            ],
            Ct
        );

        Assert.Equal(8, await LengthAsync(store));
    }

    [Fact]
    public async Task A_worker_with_one_slow_handler_leaves_the_rest_to_the_others()
    {
        await using var bed = await QueueBed.MakeAsync(redis.CreateStore(), o => o.Concurrency = 1);
        var (begun, go) = (Channel.CreateUnbounded<Guid>(), new TaskCompletionSource());
        for (var n = 0; n < 8; n++)
            await bed.StartWorkerAsync(
                async (_, context, cancelled) =>
                {
                    begun.Writer.TryWrite(context.JobId);
                    await go.Task.WaitAsync(cancelled);
                    return JobOutcome.Done;
                }
            );

        await AddAsync(bed, 8);

        for (var n = 0; n < 8; n++)
            await begun.Reader.ReadAsync(Ct).AsTask().WaitAsync(QueueBed.Soon, Ct);
        go.SetResult();
    }

    private static async Task<Guid[]> AddAsync(QueueBed bed, int count)
    {
        Job[] jobs = [.. Enumerable.Range(0, count).Select(_ => bed.NewJob())];
        await bed.AddAsync(jobs);
        return [.. jobs.Select(job => job.Id)];
    }

    private static (long Active, long Waiting, long Dead) Counts(QueueFigures figures) =>
        (figures.Active, figures.Waiting, figures.Dead);

    private static async Task<long> LengthAsync(RedisQueueStore store) =>
        (await store.Client.SendAsync(new RedisCommand("XLEN", $"{store.Prefix}work"), Ct)).Integer;
}
