using System.Text;

namespace FlowChat.Queues.Tests;

public abstract partial class QueueConformance
{
    [Fact]
    public async Task A_job_is_claimed_once_with_all_it_carries()
    {
        await using var bed = await BedAsync();
        var tenant = Guid.CreateVersion7();
        var job = bed.NewJob(payload: """{"a": "ü"}""") with
        {
            TenantId = tenant,
            TraceParent = "00-trace",
        };
        await bed.AddAsync(job);

        var claimed = await bed.ClaimOneAsync();

        Assert.Equal(
            (tenant, job.Id, "work", 1),
            (
                claimed.Lease.TenantId,
                claimed.Lease.JobId,
                claimed.Lease.Queue,
                claimed.Lease.Attempt
            )
        );
        Assert.Equal("""{"a": "ü"}""", Encoding.UTF8.GetString(claimed.Payload.Span));
        Assert.Equal("00-trace", claimed.TraceParent);
        Assert.False(claimed.Expired);
        Assert.Empty(await bed.ClaimAsync());
    }

    [Fact]
    public async Task What_is_done_is_gone()
    {
        await using var bed = await BedAsync();
        await bed.AddAsync();

        Assert.True(await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Done));

        await bed.Store.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(new RescueCounts(0, 0), await bed.RescueAsync());
        Assert.Empty(await bed.ClaimAsync());
    }

    [Fact]
    public async Task An_id_that_lives_is_added_once_in_every_state()
    {
        await using var bed = await BedAsync();
        var job = bed.NewJob();
        Assert.Equal(1, await bed.AddAsync(job, job));
        Assert.Equal(0, await bed.AddAsync(job));

        var claimed = await bed.ClaimOneAsync();
        Assert.Equal(0, await bed.AddAsync(job));
        await bed.SettleAsync(claimed, JobOutcome.Dead("no"));
        Assert.Equal(0, await bed.AddAsync(job));

        await bed.ActAsync(DeadJobAction.Discard);
        Assert.Equal(1, await bed.AddAsync(job));
    }

    [Fact]
    public async Task The_longest_due_is_claimed_first_and_nothing_before_it_is_due()
    {
        await using var bed = await UndividedBedAsync();
        var late = bed.NewJob() with
        {
            DueAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1),
        };
        var first = bed.NewJob() with
        {
            DueAt = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1),
        };
        await bed.AddAsync(late, bed.NewJob(), first);

        Assert.Equal(first.Id, (await bed.ClaimOneAsync()).Lease.JobId);
        Assert.Single(await bed.ClaimAsync());
        await bed.Store.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(late.Id, (await bed.ClaimOneAsync()).Lease.JobId);
    }

    [Fact]
    public async Task A_retry_counts_and_waits_a_snooze_only_waits()
    {
        await using var bed = await BedAsync();
        await bed.AddAsync();
        await bed.SettleAsync(
            await bed.ClaimOneAsync(),
            JobOutcome.Retry("no", TimeSpan.FromMinutes(1))
        );
        Assert.Empty(await bed.ClaimAsync());

        await bed.Store.AdvanceAsync(TimeSpan.FromMinutes(1));
        var second = await bed.ClaimOneAsync();
        Assert.Equal(2, second.Lease.Attempt);
        await bed.SettleAsync(second, JobOutcome.Snooze(TimeSpan.FromMinutes(1), "later"));
        Assert.Empty(await bed.ClaimAsync());

        await bed.Store.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await bed.ClaimOneAsync()).Lease.Attempt);
    }

    [Fact]
    public async Task A_failed_job_is_not_run_before_its_back_off_by_the_servers_clock()
    {
        var (first, aBit) = (TimeSpan.FromHours(10), TimeSpan.FromMinutes(30));
        await using var bed = await BedAsync(o =>
            (o.MaxAttempts, o.RetryDelay, o.MaxRetryDelay, o.RetryJitter) = (9, first, 3 * first, 0)
        );
        await bed.AddAsync();

        foreach (var hours in (int[])[10, 20, 30, 30])
        {
            await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Retry("no"));
            await bed.Store.AdvanceAsync(TimeSpan.FromHours(hours) - aBit);
            Assert.Empty(await bed.ClaimAsync());
            await bed.Store.AdvanceAsync(aBit);
        }
        Assert.Equal(5, (await bed.ClaimOneAsync()).Lease.Attempt);
    }

    [Fact]
    public async Task What_is_handed_back_is_available_at_once_at_no_cost()
    {
        await using var bed = await BedAsync();
        var job = await bed.AddAsync();

        await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.HandBack);

        var again = await bed.ClaimOneAsync();
        Assert.Equal((job.Id, 1), (again.Lease.JobId, again.Lease.Attempt));
    }

    [Fact]
    public async Task An_expired_job_comes_before_it_is_due_and_a_retry_after_that_still_waits()
    {
        await using var bed = await BedAsync();
        var now = TimeProvider.System.GetUtcNow();
        await bed.AddAsync(
            bed.NewJob() with
            {
                DueAt = now + TimeSpan.FromDays(2),
                ExpiresAt = now + TimeSpan.FromDays(1),
            }
        );
        Assert.Empty(await bed.ClaimAsync());

        await bed.Store.AdvanceAsync(TimeSpan.FromDays(1));
        var expired = await bed.ClaimOneAsync();
        Assert.True(expired.Expired);
        await bed.SettleAsync(expired, JobOutcome.Retry("no", TimeSpan.FromMinutes(1)));
        Assert.Empty(await bed.ClaimAsync());
    }

    [Fact]
    public async Task A_paused_queue_gives_out_nothing_in_any_process()
    {
        await using var bed = await BedAsync();
        await bed.AddAsync();
        await bed.Backend.SetPausedAsync("work", paused: true, Ct);

        Assert.Empty(await bed.ClaimAsync(by: bed.Store.Open()));
        Assert.True((await bed.MeasureAsync()).Paused);

        await bed.Backend.SetPausedAsync("work", paused: false, Ct);
        await bed.ClaimOneAsync();
    }

    [Fact]
    public async Task The_figures_count_each_job_once()
    {
        await using var bed = await BedAsync();
        await bed.AddAsync();
        await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Dead("no"));
        await bed.AddAsync();
        await bed.ClaimOneAsync();
        await bed.AddAsync(lane: "a");
        await bed.AddAsync(lane: "a");
        await bed.AddAsync(
            bed.NewJob() with
            {
                DueAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1),
            }
        );

        var figures = await bed.MeasureAsync();

        Assert.Equal(
            (2, 1, 1, 1),
            (figures.Waiting, figures.Active, figures.Delayed, figures.Dead)
        );
        Assert.Equal(1, figures.BusyWorkers);
    }
}
