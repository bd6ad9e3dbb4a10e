using System.Threading.Channels;

namespace FlowChat.Queues.Tests;

public abstract partial class QueueConformance
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    private Task<QueueBed> RatedBedAsync(int rate, Action<QueueOptions>? besides = null) =>
        BedAsync(o =>
        {
            (o.Rate, o.RatePeriod) = (rate, Period);
            besides?.Invoke(o);
        });

    [Fact]
    public async Task No_more_begin_within_any_period_than_the_rate_over_all_processes()
    {
        await using var bed = await RatedBedAsync(3);
        await AddManyAsync(bed, 20);
        var other = bed.Store.Open();
        await other.PrepareAsync(bed.Options, Ct);

        Assert.Equal(2, (await bed.ClaimAsync(2)).Count);
        await bed.Store.AdvanceAsync(Period * 0.6);
        Assert.Single(await bed.ClaimAsync(by: other));
        Assert.Empty(await bed.ClaimAsync());
        // The window slides: what began first leaves first.
        await bed.Store.AdvanceAsync(Period * 0.4);
        Assert.Equal(2, (await bed.ClaimAsync(by: other)).Count);
        Assert.Empty(await bed.ClaimAsync());
        await bed.Store.AdvanceAsync(Period * 0.6);
        Assert.Equal(1, Assert.Single(await bed.ClaimAsync()).Lease.Attempt);
        Assert.Empty(await bed.ClaimAsync(by: other));
    }

    [Fact]
    public async Task Processes_that_claim_at_once_keep_the_rate()
    {
        await using var bed = await RatedBedAsync(50);
        await AddManyAsync(bed, 120);
        IQueueBackend[] processes = [bed.Backend, bed.Store.Open(), bed.Store.Open()];
        foreach (var process in processes)
            await process.PrepareAsync(bed.Options, Ct);

        foreach (var expected in new[] { 50, 50, 20 })
        {
            var begun = 0;
            await Task.WhenAll(
                processes.Select(async process =>
                {
                    while (await bed.ClaimAsync(3, process) is { Count: > 0 } jobs)
                        Interlocked.Add(ref begun, jobs.Count);
                })
            );
            // One that looked while another was claiming may have seen nothing.
            begun += (await bed.ClaimAsync()).Count;
            Assert.Equal(expected, begun);
            await bed.Store.AdvanceAsync(Period);
        }
    }

    [Fact]
    public async Task A_rate_above_what_is_counted_one_by_one_is_kept_and_reached()
    {
        await using var bed = await RatedBedAsync(400);
        await AddManyAsync(bed, 900);
        for (var n = 0; n < 400; n++)
            await bed.ClaimOneAsync();
        Assert.Empty(await bed.ClaimAsync());

        await bed.Store.AdvanceAsync(Period);
        Assert.Equal(400, (await bed.ClaimAsync(500)).Count);
    }

    [Fact]
    public async Task A_rate_is_kept_through_a_pause_a_crash_and_delays()
    {
        await using var bed = await RatedBedAsync(
            2,
            o => (o.Lease, o.RetryDelay) = (TimeSpan.FromMinutes(1), TimeSpan.Zero)
        );
        var due = TimeProvider.System.GetUtcNow() + Period * 3;
        await bed.AddAsync(bed.NewJob(), bed.NewJob(), bed.NewJob() with { DueAt = due });
        await bed.ClaimAsync();
        await bed.Backend.SetPausedAsync("work", paused: true, Ct);
        await bed.Store.AdvanceAsync(bed.Options.Lease * 2);
        // A rescue begins nothing.
        Assert.Equal(new RescueCounts(2, 0), await bed.RescueAsync());
        await bed.Backend.SetPausedAsync("work", paused: false, Ct);
        Assert.Empty(await bed.ClaimAsync());

        await bed.Store.AdvanceAsync(Period);
        var again = await bed.ClaimAsync();
        Assert.Equal([2, 2], again.Select(job => job.Lease.Attempt));

        foreach (var job in again)
            await bed.SettleAsync(job, JobOutcome.Snooze(Period * 2, "later"));
        await bed.Store.AdvanceAsync(Period * 2);
        // Three are due, two may begin.
        Assert.Equal(2, (await bed.ClaimAsync()).Count);
        await bed.Store.AdvanceAsync(Period);
        await bed.ClaimOneAsync();
    }

    [Fact]
    public async Task A_lane_keeps_its_order_under_a_rate()
    {
        await using var bed = await RatedBedAsync(2);
        Job[] lane = [bed.NewJob("a"), bed.NewJob("a"), bed.NewJob("a"), bed.NewJob("a")];
        await bed.AddAsync(lane);

        for (var n = 0; n < lane.Length; n++)
        {
            if (n == 2)
            {
                Assert.Empty(await bed.ClaimAsync());
                await bed.Store.AdvanceAsync(Period);
            }
            var head = await bed.ClaimOneAsync();
            Assert.Equal((lane[n].Id, 1), (head.Lease.JobId, head.Lease.Attempt));
            await bed.SettleAsync(head, JobOutcome.Done);
        }
    }

    [Fact]
    public async Task Workers_of_a_rated_queue_go_on_when_they_may()
    {
        // A poll would take a minute: only who sleeps until the next permit gets through.
        await using var bed = await BedAsync(o =>
            (o.Rate, o.RatePeriod) = (2, TimeSpan.FromMilliseconds(200))
        );
        var runs = Channel.CreateUnbounded<JobContext>();
        await bed.StartWorkerAsync(Record(runs));
        await bed.StartWorkerAsync(Record(runs), bed.Store.Open());
        await bed.AddAsync();
        await NextAsync(runs);

        var begun = TimeProvider.System.GetTimestamp();
        await AddManyAsync(bed, 9);
        for (var n = 0; n < 9; n++)
            Assert.Equal(1, (await NextAsync(runs)).Attempt);

        // One of nine fits beside the first, the others two by two.
        Assert.InRange(
            TimeProvider.System.GetElapsedTime(begun),
            TimeSpan.FromMilliseconds(650),
            QueueBed.Soon
        );
    }

    [Fact]
    public async Task A_worker_of_a_rated_queue_is_woken_by_a_job_and_by_a_resume()
    {
        await using var bed = await RatedBedAsync(100);
        var runs = Channel.CreateUnbounded<JobContext>();
        await bed.StartWorkerAsync(Record(runs));
        await bed.AddAsync();
        await NextAsync(runs);

        await bed.Backend.SetPausedAsync("work", paused: true, Ct);
        var waiting = await bed.AddAsync();
        await bed.Backend.SetPausedAsync("work", paused: false, Ct);

        Assert.Equal(waiting.Id, (await NextAsync(runs)).JobId);
    }

    private static Task<int> AddManyAsync(QueueBed bed, int count, string? key = null) =>
        bed.AddAsync([.. Enumerable.Range(0, count).Select(_ => bed.NewJob(key: key))]);
}
