namespace FlowChat.Queues.Tests.Model;

/// <summary>One random sequence of calls, each answer compared with the model's.</summary>
internal sealed class ModelRun(QueueBed bed, int seed)
{
    private static readonly string?[] Lanes = [null, "a", "b", "c"];
    private static readonly string[] Keys = ["x", "y"];

    private readonly Random random = new(seed);
    private readonly QueueModel model = new(bed.Options);
    private readonly List<JobLease> leases = [];
    private readonly List<IReadOnlyList<ClaimedJob>> claims = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task RunAsync(int steps)
    {
        for (var step = 0; step < steps; step++)
            await StepAsync();
        await DrainAsync();
    }

    private Task StepAsync() =>
        random.Next(20) switch
        {
            < 5 => AddAsync(),
            < 10 => ClaimAsync(random.Next(1, 5)),
            < 14 => SettleAsync(),
            < 16 => AdvanceAsync(random.Next(1, 7)),
            16 => RescueAsync(),
            17 => RenewAsync(),
            18 => PauseAsync(random.Next(3) == 0),
            _ => ActOnDeadAsync(),
        };

    private async Task AddAsync()
    {
        var known = model.Jobs.Where(job => job.State != ModelState.Gone).ToList();
        if (known.Count > 0 && random.Next(6) == 0)
        {
            Assert.Equal(0, await bed.AddAsync(known[random.Next(known.Count)].Job));
            return;
        }
        int[] dues = [0, 0, 0, 1, 5];
        int?[] lives = [null, null, 3, 8];
        var batch = Enumerable
            .Range(0, random.Next(1, 4))
            .Select(_ => (Job: NewJob(), Due: Pick(dues), Life: Pick(lives)));
        var added = batch.ToList();
        var now = TimeProvider.System.GetUtcNow();
        Assert.Equal(
            added.Count,
            await bed.AddAsync([.. added.Select(a => Dated(a.Job, now, a.Due, a.Life))])
        );
        foreach (var (job, due, life) in added)
            model.Add(job, due, life);
    }

    private Job NewJob() => bed.NewJob(Pick(Lanes), bed.Options.HasKeys ? Pick(Keys) : null);

    private static Job Dated(Job job, DateTimeOffset now, int due, int? life) =>
        job with
        {
            DueAt = due == 0 ? null : now + TimeSpan.FromMinutes(due),
            ExpiresAt = life is { } minutes ? now + TimeSpan.FromMinutes(minutes) : null,
        };

    private async Task ClaimAsync(int max)
    {
        var claimed = await bed.ClaimAsync(max);
        claims.Add(claimed);
        foreach (var job in claimed)
        {
            var expected = model.Jobs.Find(j => j.Id == job.Lease.JobId);
            Assert.True(
                expected is not null && model.IsClaimable(expected),
                "claimed what may not run"
            );
            model.Claim(expected, job.Lease);
            leases.Add(job.Lease);
            Assert.Equal(
                (expected.Attempt, expected.HasExpired(model.Now)),
                (job.Lease.Attempt, job.Expired)
            );
        }
        Assert.True(
            claimed.Count == max || !model.Jobs.Exists(model.IsClaimable),
            "left what may run"
        );
    }

    private async Task SettleAsync()
    {
        if (leases.Count == 0)
            return;
        var lease = Pick(leases);
        var outcome = NewOutcome();
        var holder = model.HolderOf(lease);
        var resolved = outcome.Resolve(lease.Attempt, bed.Options, random);
        var held = await bed.Backend.SettleAsync([new JobSettlement(lease, resolved)], Ct);
        Assert.Equal(holder is not null, held.Contains(lease));
        if (holder is not null)
            model.Settle(holder, outcome);
    }

    private JobOutcome NewOutcome()
    {
        var delay = TimeSpan.FromMinutes(random.Next(4));
        return random.Next(bed.Options.HasKeys ? 9 : 8) switch
        {
            < 3 => JobOutcome.Done,
            < 5 => JobOutcome.Retry("failed", delay),
            5 => JobOutcome.Snooze(delay, "later"),
            6 => JobOutcome.HandBack,
            7 => JobOutcome.Dead("never"),
            _ => JobOutcome.Park(delay, "away"),
        };
    }

    private async Task AdvanceAsync(int minutes)
    {
        await bed.Store.AdvanceAsync(TimeSpan.FromMinutes(minutes));
        model.Advance(minutes);
    }

    private async Task RescueAsync() => Assert.Equal(model.Rescue(), await bed.RescueAsync());

    private async Task RenewAsync()
    {
        // Jobs that were claimed together may be renewed together, so half of them isn't asked for.
        var asked = claims
            .Where(_ => random.Next(2) == 0)
            .SelectMany(claim => claim.Select(job => job.Lease))
            .ToList();
        var held = await bed.Backend.RenewAsync(bed.Options, asked, Ct);
        var expected = asked.Where(lease => model.HolderOf(lease) is not null).ToHashSet();
        Assert.Equal(expected, held);
        foreach (var lease in expected)
            model.Renew(model.HolderOf(lease)!);
    }

    private async Task PauseAsync(bool paused)
    {
        await bed.Backend.SetPausedAsync(bed.Options.Name, paused, Ct);
        model.Paused = paused;
    }

    private async Task ActOnDeadAsync()
    {
        var dead = model.Jobs.Where(job => job.State == ModelState.Dead).ToList();
        Assert.Equal(
            dead.Select(job => job.Id).Order(),
            (await bed.DeadAsync()).Select(job => job.Job.Id).Order()
        );
        if (dead.Count == 0)
            return;
        var job = Pick(dead);
        var filter = new DeadJobFilter { Queue = bed.Options.Name, Ids = [job.Id] };
        var requeue = random.Next(3) > 0;
        var action = requeue ? DeadJobAction.Requeue() : DeadJobAction.Discard;
        Assert.Equal(1, await bed.Backend.ActOnDeadAsync(filter, action, dryRun: false, Ct));
        if (requeue)
            model.Requeue(job);
        else
            job.State = ModelState.Gone;
    }

    private async Task DrainAsync()
    {
        await PauseAsync(false);
        while (model.Jobs.Exists(job => job.IsOpen))
        {
            await AdvanceAsync(30);
            await RescueAsync();
            await ClaimAsync(3);
            foreach (var job in model.Jobs.Where(job => job.State == ModelState.Leased).ToList())
            {
                var held = await bed.Backend.SettleAsync(
                    [new JobSettlement(job.Lease!, JobOutcome.Done)],
                    Ct
                );
                Assert.Single(held);
                model.Settle(job, JobOutcome.Done);
            }
        }
        var left = await bed.MeasureAsync();
        Assert.Equal((0, 0, 0), (left.Waiting, left.Active, left.Delayed));
    }

    private T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];
}
