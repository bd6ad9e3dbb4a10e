namespace FlowChat.Queues.Tests;

public abstract partial class QueueConformance
{
    [Fact]
    public async Task A_lane_runs_one_after_the_other_in_order_and_lanes_beside_each_other()
    {
        await using var bed = await BedAsync();
        var a = new[] { bed.NewJob("a"), bed.NewJob("a"), bed.NewJob("a") };
        var b = bed.NewJob("b");
        await bed.AddAsync(a[0], b, a[1]);
        await bed.AddAsync(a[2]);

        var heads = await bed.ClaimAsync();
        Assert.Equivalent(
            new[] { a[0].Id, b.Id },
            heads.Select(job => job.Lease.JobId),
            strict: true
        );
        foreach (var expected in a)
        {
            var head = heads.Single(job => job.Lease.JobId == expected.Id);
            Assert.Empty(await bed.ClaimAsync());
            await bed.SettleAsync(head, JobOutcome.Done);
            heads = await bed.ClaimAsync();
        }
        Assert.Empty(heads);
    }

    [Fact]
    public async Task A_retry_a_snooze_and_a_hand_back_keep_their_place_in_the_lane()
    {
        await using var bed = await BedAsync();
        var (first, second) = (await bed.AddAsync("a"), await bed.AddAsync("a"));
        foreach (
            var outcome in new[]
            {
                JobOutcome.Retry("no", TimeSpan.FromMinutes(1)),
                JobOutcome.Snooze(TimeSpan.FromMinutes(1), "later"),
                JobOutcome.HandBack,
            }
        )
        {
            var head = await bed.ClaimOneAsync();
            Assert.Equal(first.Id, head.Lease.JobId);
            await bed.SettleAsync(head, outcome);
            await bed.Store.AdvanceAsync(TimeSpan.FromMinutes(1));
        }
        await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Done);
        Assert.Equal(second.Id, (await bed.ClaimOneAsync()).Lease.JobId);
    }

    [Fact]
    public async Task A_dead_job_leaves_its_lane_and_returns_at_its_end()
    {
        await using var bed = await BedAsync();
        Job[] jobs = [bed.NewJob("a"), bed.NewJob("a"), bed.NewJob("a")];
        await bed.AddAsync(jobs);
        await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Dead("no"));

        Assert.Equal(1, await bed.ActAsync(DeadJobAction.Requeue()));

        foreach (var expected in new[] { jobs[1], jobs[2], jobs[0] })
        {
            var head = await bed.ClaimOneAsync();
            Assert.Equal((expected.Id, 1), (head.Lease.JobId, head.Lease.Attempt));
            Assert.Empty(await bed.ClaimAsync());
            await bed.SettleAsync(head, JobOutcome.Done);
        }
    }

    [Fact]
    public async Task An_id_that_lives_strands_nobody_behind_it()
    {
        await using var bed = await UndividedBedAsync();
        var known = bed.NewJob();
        await bed.AddAsync(known);
        await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Dead("no"));
        var next = bed.NewJob("a");

        Assert.Equal(1, await bed.AddAsync(known with { Lane = "a" }, next));

        Assert.Equal(next.Id, (await bed.ClaimOneAsync()).Lease.JobId);
    }

    [Fact]
    public async Task Lanes_of_two_tenants_with_one_name_are_two_lanes()
    {
        await using var bed = await BedAsync();
        await bed.AddAsync(
            bed.NewJob("a") with
            {
                TenantId = Guid.CreateVersion7(),
            },
            bed.NewJob("a") with
            {
                TenantId = Guid.CreateVersion7(),
            }
        );
        Assert.Equal(2, (await bed.ClaimAsync()).Count);
    }

    [Fact]
    public async Task Many_at_once_keep_the_order_of_their_lanes_and_what_comes_later_comes_after_them()
    {
        const int Lanes = 7,
            Many = 700;
        await using var bed = await BedAsync();
        var jobs = Enumerable.Range(0, Many + 2 * Lanes).Select(n => NewOrderedJob(n)).ToList();
        await bed.AddAsync([.. jobs.Take(2)]);
        await bed.AddAsync([.. jobs.Skip(2).Take(Many)]);
        foreach (var later in jobs.Skip(Many + 2))
            await bed.AddAsync(later);
        // Those that are known are not added again, wherever they wait.
        Assert.Equal(0, await bed.AddAsync([.. jobs]));
        Assert.Equal(jobs.Count, (await bed.MeasureAsync()).Waiting);

        var log = new LaneLog(jobs.Count);
        while (!log.IsComplete)
        {
            var claimed = await bed.ClaimAsync();
            log.Enter(claimed);
            foreach (var job in claimed)
            {
                log.Leave(job);
                Assert.True(await bed.SettleAsync(job, JobOutcome.Done));
            }
        }

        log.AssertKept();

        Job NewOrderedJob(int n) =>
            bed.NewJob($"lane-{n % Lanes}", payload: $$"""{"producer":0,"n":{{n}}}""");
    }

    [Fact]
    public async Task A_dead_job_returns_behind_many_that_came_at_once()
    {
        await using var bed = await BedAsync();
        var dead = await bed.AddAsync("a");
        await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Dead("no"));
        Job[] many = [.. Enumerable.Range(0, 100).Select(_ => bed.NewJob("a"))];
        await bed.AddAsync(many);

        Assert.Equal(1, await bed.ActAsync(DeadJobAction.Requeue()));

        foreach (var expected in many.Append(dead))
        {
            var head = await bed.ClaimOneAsync();
            Assert.Equal(expected.Id, head.Lease.JobId);
            await bed.SettleAsync(head, JobOutcome.Done);
        }
    }

    [Fact]
    public async Task Adding_and_settling_at_once_strands_no_job_and_never_runs_two_of_a_lane()
    {
        const int Producers = 4,
            Each = 150,
            Lanes = 3;
        await using var bed = await BedAsync();
        var log = new LaneLog(expected: Producers * Each);

        var producing = Enumerable
            .Range(0, Producers)
            .Select(async producer =>
            {
                for (var n = 0; n < Each; n++)
                    await bed.AddAsync(
                        $"lane-{n % Lanes}",
                        payload: $$"""{"producer":{{producer}},"n":{{n}}}"""
                    );
            });
        var settling = Enumerable
            .Range(0, 4)
            .Select(async _ =>
            {
                while (!log.IsComplete)
                {
                    var claimed = await bed.ClaimAsync(2);
                    log.Enter(claimed);
                    foreach (var job in claimed)
                    {
                        await AtOnce.StayAsync();
                        log.Leave(job);
                        await bed.SettleAsync(job, JobOutcome.Done);
                    }
                }
            });
        await Task.WhenAll([.. producing, .. settling]).WaitAsync(TimeSpan.FromMinutes(1), Ct);

        log.AssertKept();
    }
}
