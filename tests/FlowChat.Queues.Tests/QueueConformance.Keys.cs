namespace FlowChat.Queues.Tests;

public abstract partial class QueueConformance
{
    private Task<QueueBed> KeyedBedAsync(int limit = 1) => BedAsync(o => o.KeyConcurrency = limit);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Of_one_key_no_more_run_than_its_limit_and_waiting_costs_nothing(int limit)
    {
        await using var bed = await KeyedBedAsync(limit);
        for (var n = 0; n < 5; n++)
            await bed.AddAsync(key: "a");
        await bed.AddAsync(key: "b");

        var running = await bed.ClaimAsync();
        Assert.Equal(limit, running.Count(job => job.LimitKey == "a"));
        Assert.Equal(1, running.Count(job => job.LimitKey == "b"));
        Assert.Empty(await bed.ClaimAsync());

        await bed.SettleAsync(running.First(job => job.LimitKey == "a"), JobOutcome.Done);
        Assert.Equal(1, (await bed.ClaimOneAsync()).Lease.Attempt);
    }

    [Fact]
    public async Task Keys_take_turns_however_long_the_backlog_of_one()
    {
        await using var bed = await KeyedBedAsync();
        for (var n = 0; n < 20; n++)
            await bed.AddAsync(key: "long");
        await bed.AddAsync(key: "short");
        var first = await bed.ClaimOneAsync();
        await bed.SettleAsync(first, JobOutcome.Done);

        Assert.NotEqual(first.LimitKey, (await bed.ClaimOneAsync()).LimitKey);
    }

    [Fact]
    public async Task A_park_makes_the_whole_key_wait_costs_nothing_and_leaves_other_keys_alone()
    {
        await using var bed = await KeyedBedAsync();
        var parked = await bed.AddAsync(key: "a");
        await bed.AddAsync(key: "a");
        await bed.SettleAsync(
            await bed.ClaimOneAsync(),
            JobOutcome.Park(TimeSpan.FromMinutes(5), "gateway away")
        );
        await bed.AddAsync(key: "a");
        var other = await bed.AddAsync(key: "b");

        Assert.Equal(other.Id, Assert.Single(await bed.ClaimAsync()).Lease.JobId);

        await bed.Store.AdvanceAsync(TimeSpan.FromMinutes(5));
        var resumed = await bed.ClaimOneAsync();
        Assert.Equal((parked.Id, 1), (resumed.Lease.JobId, resumed.Lease.Attempt));
    }

    [Fact]
    public async Task What_expires_is_claimed_though_its_key_is_parked()
    {
        await using var bed = await KeyedBedAsync();
        await bed.AddAsync(key: "a");
        await bed.SettleAsync(
            await bed.ClaimOneAsync(),
            JobOutcome.Park(TimeSpan.FromDays(9), "not connected")
        );
        var mortal = bed.NewJob(key: "a") with
        {
            ExpiresAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1),
        };
        await bed.AddAsync(mortal);
        Assert.Empty(await bed.ClaimAsync());

        await bed.Store.AdvanceAsync(TimeSpan.FromDays(1));

        var expired = await bed.ClaimOneAsync();
        Assert.Equal((mortal.Id, true), (expired.Lease.JobId, expired.Expired));
        // Parked again, it must not come back at once for ever.
        await bed.SettleAsync(expired, JobOutcome.Park(TimeSpan.FromMinutes(1), "still"));
        Assert.Empty(await bed.ClaimAsync());
        await bed.Store.AdvanceAsync(TimeSpan.FromMinutes(1));
        await bed.ClaimOneAsync();
    }

    [Fact]
    public async Task A_park_in_a_queue_without_keys_fails_the_run()
    {
        await using var bed = await BedAsync();
        await bed.AddAsync();
        await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Park(TimeSpan.Zero, "?"));
        await bed.Store.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await bed.ClaimOneAsync()).Lease.Attempt);
    }

    [Fact]
    public async Task Jobs_older_than_the_limit_are_claimed_under_it()
    {
        await using var bed = await UndividedBedAsync();
        await bed.AddAsync();
        await bed.AddAsync(key: "a");
        bed.Options.KeyConcurrency = 1;

        await bed.Backend.PrepareAsync(bed.Options, Ct);

        Assert.Equal(2, (await bed.ClaimAsync()).Count);
    }

    [Fact]
    public async Task Processes_that_claim_at_once_keep_the_limit_and_the_lanes()
    {
        const int Jobs = 600,
            Keys = 5,
            Limit = 2;
        await using var bed = await KeyedBedAsync(Limit);
        await bed.AddAsync([
            .. Enumerable
                .Range(0, Jobs)
                .Select(n =>
                    bed.NewJob(
                        $"lane-{n % 20}",
                        $"key-{n % Keys}",
                        $$"""{"producer":0,"n":{{n}}}"""
                    )
                ),
        ]);
        var keys = new AtOnce(Limit);
        var lanes = new LaneLog(expected: Jobs);

        var workers = Enumerable
            .Range(0, 4)
            .Select(async _ =>
            {
                var backend = bed.Store.Open();
                while (!lanes.IsComplete)
                {
                    var claimed = await bed.ClaimAsync(3, backend);
                    foreach (var job in claimed)
                        keys.Enter(job.LimitKey!);
                    lanes.Enter(claimed);
                    foreach (var job in claimed)
                    {
                        await AtOnce.StayAsync();
                        keys.Leave(job.LimitKey!);
                        lanes.Leave(job);
                        Assert.True(await bed.SettleAsync(job, JobOutcome.Done));
                    }
                }
            });
        await Task.WhenAll(workers).WaitAsync(TimeSpan.FromMinutes(1), Ct);

        Assert.Equal(0, keys.Exceeded);
        lanes.AssertKept();
    }
}
