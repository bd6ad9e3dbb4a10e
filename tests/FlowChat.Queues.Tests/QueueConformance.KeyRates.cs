using System.Threading.Channels;

namespace FlowChat.Queues.Tests;

public abstract partial class QueueConformance
{
    private Task<QueueBed> KeyRatedBedAsync(int rate, Action<QueueOptions>? besides = null) =>
        BedAsync(o =>
        {
            (o.KeyRate, o.KeyRatePeriod) = (rate, Period);
            besides?.Invoke(o);
        });

    [Fact]
    public async Task Of_one_key_no_more_begin_within_any_period_than_its_rate_and_others_do_not_wait()
    {
        await using var bed = await KeyRatedBedAsync(2);
        var other = bed.Store.Open();
        await other.PrepareAsync(bed.Options, Ct);
        await AddManyAsync(bed, 6, "a");
        Assert.Equal(["a"], (await bed.ClaimAsync(1)).Select(job => job.LimitKey));
        await bed.Store.AdvanceAsync(Period * 0.6);
        Assert.Single(await bed.ClaimAsync(by: other));
        Assert.Empty(await bed.ClaimAsync());

        await bed.AddAsync(key: "b");
        Assert.Equal("b", (await bed.ClaimOneAsync()).LimitKey);

        await bed.Store.AdvanceAsync(Period * 0.4);
        Assert.Equal(1, Assert.Single(await bed.ClaimAsync(by: other)).Lease.Attempt);
        await bed.Store.AdvanceAsync(Period * 0.6);
        Assert.Single(await bed.ClaimAsync());
    }

    [Fact]
    public async Task The_rate_of_a_key_its_concurrency_and_the_queues_rate_hold_together()
    {
        await using var bed = await KeyRatedBedAsync(
            3,
            o => (o.KeyConcurrency, o.Rate, o.RatePeriod) = (1, 5, Period)
        );
        await AddManyAsync(bed, 5, "a");
        await AddManyAsync(bed, 5, "b");

        var begun = new List<string>();
        for (var n = 0; n < 10; n++)
            foreach (var job in await bed.ClaimAsync())
            {
                begun.Add(job.LimitKey!);
                await bed.SettleAsync(job, JobOutcome.Done);
            }

        Assert.Equal(5, begun.Count);
        Assert.All(begun.CountBy(key => key), key => Assert.InRange(key.Value, 2, 3));
        await bed.Store.AdvanceAsync(Period);
        Assert.Equal(2, (await bed.ClaimAsync()).Count);
    }

    [Fact]
    public async Task Processes_that_claim_at_once_keep_the_rate_of_each_key()
    {
        await using var bed = await KeyRatedBedAsync(7);
        await bed.AddAsync([
            .. Enumerable.Range(0, 90).Select(n => bed.NewJob(key: $"key-{n % 3}")),
        ]);
        IQueueBackend[] processes = [bed.Backend, bed.Store.Open(), bed.Store.Open()];
        foreach (var process in processes)
            await process.PrepareAsync(bed.Options, Ct);
        for (var period = 0; period < 3; period++)
        {
            var begun = Channel.CreateUnbounded<string>();
            await Task.WhenAll(
                processes.Select(async process =>
                {
                    while (await bed.ClaimAsync(2, process) is { Count: > 0 } jobs)
                        foreach (var job in jobs)
                            begun.Writer.TryWrite(job.LimitKey!);
                })
            );
            foreach (var job in await bed.ClaimAsync())
                begun.Writer.TryWrite(job.LimitKey!);
            begun.Writer.Complete();
            var keys = await begun.Reader.ReadAllAsync(Ct).ToListAsync(Ct);
            Assert.Equal([7, 7, 7], keys.CountBy(key => key).Select(key => key.Value));
            await bed.Store.AdvanceAsync(Period);
        }
    }

    [Fact]
    public async Task A_key_saves_up_no_permits_while_its_queue_is_paused()
    {
        await using var bed = await KeyRatedBedAsync(2);
        await AddManyAsync(bed, 9, "a");
        await bed.Backend.SetPausedAsync("work", paused: true, Ct);
        for (var n = 0; n < 3; n++)
        {
            Assert.Empty(await bed.ClaimAsync());
            await bed.Store.AdvanceAsync(Period);
        }
        await bed.Backend.SetPausedAsync("work", paused: false, Ct);

        Assert.Equal(2, (await bed.ClaimAsync()).Count);
        await bed.Store.AdvanceAsync(Period);
        Assert.Equal(2, (await bed.ClaimAsync()).Count);
    }

    [Fact]
    public async Task A_crash_a_park_and_a_delay_leave_the_rate_of_a_key_as_it_is()
    {
        await using var bed = await KeyRatedBedAsync(
            2,
            o => (o.Lease, o.RetryDelay) = (TimeSpan.FromMinutes(1), TimeSpan.Zero)
        );
        var due = TimeProvider.System.GetUtcNow() + Period * 2;
        await bed.AddAsync(
            bed.NewJob(key: "a"),
            bed.NewJob(key: "a"),
            bed.NewJob(key: "a") with
            {
                DueAt = due,
            }
        );
        Assert.Equal(2, (await bed.ClaimAsync()).Count);
        await bed.Store.AdvanceAsync(bed.Options.Lease * 2);
        Assert.Equal(new RescueCounts(2, 0), await bed.RescueAsync());
        Assert.Empty(await bed.ClaimAsync());

        await bed.Store.AdvanceAsync(Period);
        var again = await bed.ClaimAsync();
        Assert.Equal([2, 2], again.Select(job => job.Lease.Attempt));
        await bed.SettleAsync(again[0], JobOutcome.Park(Period * 2, "away"));
        await bed.SettleAsync(again[1], JobOutcome.Done);
        await bed.Store.AdvanceAsync(Period);
        Assert.Empty(await bed.ClaimAsync());
        await bed.Store.AdvanceAsync(Period);
        Assert.Equal([1, 2], (await bed.ClaimAsync()).Select(job => job.Lease.Attempt).Order());
    }

    [Fact]
    public async Task A_lane_keeps_its_order_under_the_rate_of_its_key()
    {
        await using var bed = await KeyRatedBedAsync(1);
        Job[] lane = [bed.NewJob("l", "a"), bed.NewJob("l", "a"), bed.NewJob("l", "a")];
        await bed.AddAsync(lane);
        foreach (var expected in lane)
        {
            var head = await bed.ClaimOneAsync();
            Assert.Equal((expected.Id, 1), (head.Lease.JobId, head.Lease.Attempt));
            await bed.SettleAsync(head, JobOutcome.Done);
            Assert.Empty(await bed.ClaimAsync());
            await bed.Store.AdvanceAsync(Period);
        }
    }

    [Fact]
    public async Task Jobs_older_than_the_rate_of_their_key_begin_under_it()
    {
        await using var bed = await KeyedBedAsync(limit: 10);
        await AddManyAsync(bed, 6, "a");
        (bed.Options.KeyRate, bed.Options.KeyRatePeriod) = (2, Period);
        await bed.Backend.PrepareAsync(bed.Options, Ct);

        foreach (var _ in Enumerable.Range(0, 3))
        {
            Assert.Equal(2, (await bed.ClaimAsync()).Count);
            Assert.Empty(await bed.ClaimAsync());
            await bed.Store.AdvanceAsync(Period);
        }
    }

    [Fact]
    public async Task A_higher_rate_counts_at_once()
    {
        await using var bed = await KeyRatedBedAsync(1, o => (o.Rate, o.RatePeriod) = (1, Period));
        await AddManyAsync(bed, 6, "a");
        Assert.Single(await bed.ClaimAsync());
        Assert.Empty(await bed.ClaimAsync());

        (bed.Options.Rate, bed.Options.KeyRate) = (3, 4);
        await bed.Backend.PrepareAsync(bed.Options, Ct);
        Assert.Equal(2, (await bed.ClaimAsync()).Count);
        bed.Options.Rate = 9;
        await bed.Backend.PrepareAsync(bed.Options, Ct);
        Assert.Single(await bed.ClaimAsync());
    }

    [Fact]
    public async Task Workers_go_on_with_a_key_when_they_may()
    {
        await using var bed = await BedAsync(o =>
            (o.KeyRate, o.KeyRatePeriod) = (2, TimeSpan.FromMilliseconds(200))
        );
        var runs = Channel.CreateUnbounded<JobContext>();
        await bed.StartWorkerAsync(Record(runs));
        await bed.StartWorkerAsync(Record(runs), bed.Store.Open());
        await bed.AddAsync(key: "a");
        await NextAsync(runs);

        var begun = TimeProvider.System.GetTimestamp();
        await AddManyAsync(bed, 7, "a");
        await AddManyAsync(bed, 2, "b");
        for (var n = 0; n < 9; n++)
            Assert.Equal(1, (await NextAsync(runs)).Attempt);

        Assert.InRange(
            TimeProvider.System.GetElapsedTime(begun),
            TimeSpan.FromMilliseconds(450),
            QueueBed.Soon
        );
    }
}
