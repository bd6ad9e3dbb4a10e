namespace FlowChat.Queues.Tests;

public abstract partial class QueueConformance
{
    [Fact]
    public async Task The_dead_are_listed_newest_first_in_pages_with_their_errors()
    {
        await using var bed = await BedAsync();
        for (var n = 0; n < 3; n++)
        {
            await bed.AddAsync(payload: $$"""{"n":{{n}}}""");
            await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Dead($"error {n}"));
        }
        var filter = new DeadJobFilter { Queue = "work" };

        var page = await bed.Backend.FindDeadAsync(filter, null, 2, Ct);
        var rest = await bed.Backend.FindDeadAsync(
            filter,
            new DeadJobCursor(page[1].DeadAt, page[1].Job.Id),
            2,
            Ct
        );

        Assert.Equal(
            ["error 2", "error 1", "error 0"],
            page.Concat(rest).Select(dead => dead.Error)
        );
        Assert.Equal([new(page[0].Errors[0].At, 1, "error 2")], page[0].Errors);
    }

    [Theory]
    [InlineData("Ana")]
    [InlineData("TIMEOUT")]
    [InlineData("lane-x")]
    [InlineData("100%")]
    public async Task The_dead_are_searched_by_payload_error_and_lane(string text)
    {
        await using var bed = await BedAsync();
        await bed.AddAsync("lane-x", payload: """{"to":"ana"}""");
        await bed.AddAsync("lane-y", payload: """{"to":"bob"}""");
        foreach (var job in await bed.ClaimAsync())
            await bed.SettleAsync(
                job,
                JobOutcome.Dead(job.Lease.Lane == "lane-x" ? "Timeout at 100%" : "100x")
            );

        Assert.Equal("lane-x", Assert.Single(await bed.DeadAsync(text)).Job.Lane);
        Assert.Equal(1, await bed.ActAsync(DeadJobAction.Discard, text, dryRun: true));
    }

    [Fact]
    public async Task A_dry_run_counts_and_changes_nothing()
    {
        await using var bed = await BedAsync();
        await bed.AddAsync();
        await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Dead("no"));

        Assert.Equal(1, await bed.ActAsync(DeadJobAction.Requeue(), dryRun: true));
        Assert.Equal(1, await bed.ActAsync(DeadJobAction.Discard, dryRun: true));

        Assert.Single(await bed.DeadAsync());
        Assert.Empty(await bed.ClaimAsync());
    }

    [Fact]
    public async Task A_paced_requeue_spreads_the_jobs_over_time_oldest_death_first()
    {
        await using var bed = await BedAsync();
        var jobs = new List<Guid>();
        for (var n = 0; n < 3; n++)
        {
            jobs.Add((await bed.AddAsync()).Id);
            await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Dead("no"));
        }

        Assert.Equal(3, await bed.ActAsync(DeadJobAction.Requeue(perSecond: 1.0 / 60)));

        foreach (var expected in jobs)
        {
            var claimed = await bed.ClaimOneAsync();
            Assert.Equal((expected, 1), (claimed.Lease.JobId, claimed.Lease.Attempt));
            Assert.Empty(await bed.ClaimAsync());
            await bed.Store.AdvanceAsync(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task More_than_a_batch_is_requeued_and_a_time_to_live_starts_anew()
    {
        await using var bed = await BedAsync();
        var expiry = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1);
        await bed.AddAsync([
            .. Enumerable.Range(0, 1100).Select(_ => bed.NewJob() with { ExpiresAt = expiry }),
        ]);
        var settlements = (await bed.ClaimAsync(1100)).Select(job => new JobSettlement(
            job.Lease,
            JobOutcome.Dead("no")
        ));
        await bed.Backend.SettleAsync([.. settlements], Ct);
        await bed.Store.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal(1100, await bed.ActAsync(DeadJobAction.Requeue()));

        var again = await bed.ClaimAsync(1200);
        Assert.Equal(1100, again.Count);
        Assert.All(again, job => Assert.False(job.Expired));
    }

    [Fact]
    public async Task A_tenants_filter_hides_the_dead_of_others()
    {
        await using var bed = await BedAsync();
        var tenant = Guid.CreateVersion7();
        await bed.AddAsync(bed.NewJob() with { TenantId = tenant }, bed.NewJob());
        foreach (var job in await bed.ClaimAsync())
            await bed.SettleAsync(job, JobOutcome.Dead("no"));
        var filter = new DeadJobFilter { Queue = "work", TenantId = tenant };

        Assert.Equal(
            tenant,
            Assert.Single(await bed.Backend.FindDeadAsync(filter, null, 9, Ct)).Job.TenantId
        );
        Assert.Equal(
            1,
            await bed.Backend.ActOnDeadAsync(filter, DeadJobAction.Discard, dryRun: false, Ct)
        );
        Assert.Single(await bed.DeadAsync());
    }
}
