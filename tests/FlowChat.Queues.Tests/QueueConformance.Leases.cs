using System.Reflection;

namespace FlowChat.Queues.Tests;

public abstract partial class QueueConformance
{
    [Fact]
    public async Task A_dead_workers_job_runs_again_and_its_late_settle_changes_nothing()
    {
        await using var bed = await BedAsync();
        await bed.AddAsync();
        var stale = await bed.ClaimOneAsync();

        Assert.Equal(new RescueCounts(0, 0), await bed.RescueAsync());
        await bed.Store.AdvanceAsync(bed.Options.Lease + TimeSpan.FromSeconds(1));
        Assert.Equal(new RescueCounts(1, 0), await bed.RescueAsync());

        Assert.False(await bed.SettleAsync(stale, JobOutcome.Done));
        var next = await bed.ClaimOneAsync();
        Assert.Equal(2, next.Lease.Attempt);
        Assert.False(await bed.SettleAsync(stale, JobOutcome.Dead("late")));
        Assert.False(await bed.SettleAsync(stale, JobOutcome.Retry("late", TimeSpan.Zero)));
        Assert.True(await bed.SettleAsync(next, JobOutcome.Done));
    }

    [Fact]
    public async Task A_lease_that_passed_can_be_settled_while_nobody_took_over()
    {
        await using var bed = await BedAsync();
        await bed.AddAsync();
        var slow = await bed.ClaimOneAsync();
        await bed.Store.AdvanceAsync(2 * bed.Options.Lease);

        Assert.True(await bed.SettleAsync(slow, JobOutcome.Done));
        Assert.Equal(new RescueCounts(0, 0), await bed.RescueAsync());
    }

    [Fact]
    public async Task A_renewed_lease_lasts_and_a_lost_one_is_told()
    {
        await using var bed = await BedAsync();
        await bed.AddAsync();
        await bed.AddAsync();
        var jobs = await bed.ClaimAsync();
        var (kept, lost) = (jobs[0].Lease, jobs[1].Lease);
        await bed.SettleAsync(jobs[1], JobOutcome.Done);
        await bed.Store.AdvanceAsync(bed.Options.Lease * 0.9);

        Assert.Equal([kept], await bed.Backend.RenewAsync(bed.Options, [kept, lost], Ct));

        await bed.Store.AdvanceAsync(bed.Options.Lease * 0.9);
        Assert.Equal(new RescueCounts(0, 0), await bed.RescueAsync());
    }

    [Fact]
    public async Task A_job_that_kills_its_worker_dies_after_its_last_attempt()
    {
        await using var bed = await BedAsync(o => o.MaxAttempts = 3);
        var job = await bed.AddAsync();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Equal(attempt, (await bed.ClaimOneAsync()).Lease.Attempt);
            await bed.Store.AdvanceAsync(2 * bed.Options.Lease);
            Assert.Equal(
                new RescueCounts(attempt < 3 ? 1 : 0, attempt < 3 ? 0 : 1),
                await bed.RescueAsync()
            );
            await bed.Store.AdvanceAsync(bed.Options.MaxRetryDelay);
        }

        var dead = Assert.Single(await bed.DeadAsync());
        Assert.Equal((job.Id, 3, 3), (dead.Job.Id, dead.Attempt, dead.Errors.Count));
    }

    [Fact]
    public async Task Those_that_were_fetched_beside_a_job_that_kills_its_worker_get_apart_from_it()
    {
        await using var bed = await BedAsync(o =>
            (o.RetryDelay, o.RetryJitter) = (TimeSpan.FromMinutes(1), 0.5)
        );
        var jobs = Enumerable.Range(0, 50).Select(_ => bed.NewJob()).ToArray();
        var poison = jobs[25].Id;
        await bed.AddAsync(jobs);
        var done = new HashSet<Guid>();

        while (done.Count < jobs.Length - 1 || (await bed.DeadAsync()).Count == 0)
        {
            var batch = await bed.ClaimAsync(jobs.Length);
            if (batch.Any(job => job.Lease.JobId == poison))
            {
                // Whoever has it dies, with all that it holds.
                await bed.Store.AdvanceAsync(2 * bed.Options.Lease);
                await bed.RescueAsync();
                continue;
            }
            foreach (var job in batch)
                if (await bed.SettleAsync(job, JobOutcome.Done))
                    done.Add(job.Lease.JobId);
            await bed.Store.AdvanceAsync(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(poison, Assert.Single(await bed.DeadAsync()).Job.Id);
        Assert.DoesNotContain(poison, done);
    }

    [Fact]
    public async Task Two_rescuers_rescue_a_job_once()
    {
        await using var bed = await BedAsync();
        await bed.AddAsync([.. Enumerable.Range(0, 250).Select(_ => bed.NewJob())]);
        await bed.ClaimAsync(250);
        await bed.Store.AdvanceAsync(2 * bed.Options.Lease);

        var counts = await Task.WhenAll(bed.RescueAsync(), bed.RescueAsync());

        Assert.Equal(250, counts.Sum(c => c.Returned));
        Assert.Equal(250, (await bed.ClaimAsync(300)).Count);
    }

    [Fact]
    public async Task A_rescuer_that_is_stopped_lets_go_of_what_it_took_over()
    {
        await using var bed = await BedAsync();
        await bed.AddAsync();
        await bed.ClaimOneAsync();
        await bed.Store.AdvanceAsync(2 * bed.Options.Lease);
        using var stop = new CancellationTokenSource();

        var counts = await bed.RescueAsync(StopBeforeSettle.Of(bed.Backend, stop), stop.Token);

        Assert.Equal(new RescueCounts(1, 0), counts);
        Assert.Equal(2, (await bed.ClaimOneAsync()).Lease.Attempt);
    }

    /// <summary>A backend whose process is told to stop when it begins to settle.</summary>
    public class StopBeforeSettle : DispatchProxy
    {
        private IQueueBackend inner = null!;
        private CancellationTokenSource stop = null!;

        public static IQueueBackend Of(IQueueBackend inner, CancellationTokenSource stop)
        {
            var proxy = Create<IQueueBackend, StopBeforeSettle>();
            (((StopBeforeSettle)proxy).inner, ((StopBeforeSettle)proxy).stop) = (inner, stop);
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IQueueBackend.SettleAsync))
                stop.Cancel();
            return targetMethod.Invoke(inner, args);
        }
    }
}
