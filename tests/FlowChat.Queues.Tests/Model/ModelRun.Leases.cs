namespace FlowChat.Queues.Tests.Model;

/// <summary>Claims and what becomes of them. Some are forgotten, as by a worker that died or never got the reply.</summary>
internal sealed partial class ModelRun
{
    // Of all that was claimed, for workers that were stopped and come late.
    private readonly List<JobLease> leases = [];
    private readonly List<IReadOnlyList<ClaimedJob>> claims = [];

    private async Task ClaimAsync(int max)
    {
        if (Lossy is not null && random.Next(4) == 0)
        {
            Tell($"claim {max}");
            await LoseClaimAsync(worker => bed.ClaimAsync(max, worker: worker));
            return;
        }
        var claimed = await bed.ClaimAsync(max, worker: Pick(Workers));
        Tell($"claim {max}: got {claimed.Count}");
        foreach (var job in claimed)
            Assert.Equal(Claim(job).HasExpired(model.Now), job.Expired);
        Keep(claimed);
        Assert.True(
            claimed.Count == max || !model.Jobs.Exists(model.IsClaimable),
            "left what may run"
        );
    }

    private ModelJob Claim(ClaimedJob job)
    {
        var expected = model.Find(job.Lease.JobId);
        Assert.True(
            expected is not null && model.IsClaimable(expected),
            "claimed what may not run"
        );
        model.Claim(expected, job.Lease);
        Assert.Equal(expected.Attempt, job.Lease.Attempt);
        return expected;
    }

    private async Task SettleAsync()
    {
        if (leases.Count == 0)
            return;
        // One claim's jobs may be settled together, or any worker's anyhow: mostly while they are held.
        var some = random.Next(4) switch
        {
            0 => Pick(claims).Select(job => job.Lease),
            1 => Several(leases),
            2 => Several(leases.Where(IsOutdated)),
            _ => Several(leases.Where(lease => model.HolderOf(lease) is not null)),
        };
        var allDone = random.Next(4) == 0;
        await SettleAsync([
            .. some.Distinct()
                .Select(lease => new JobSettlement(
                    lease,
                    allDone ? JobOutcome.Done : NewOutcome()
                )),
        ]);
    }

    private IEnumerable<JobLease> Several(IEnumerable<JobLease> of)
    {
        var some = of.ToArray();
        random.Shuffle(some);
        return some.Take(random.Next(1, 7));
    }

    /// <summary>Another worker has the job now.</summary>
    private bool IsOutdated(JobLease lease) =>
        model.Find(lease.JobId)?.Lease is { } other && other != lease;

    private async Task SettleAsync(IReadOnlyList<JobSettlement> settlements)
    {
        if (settlements.Count == 0)
            return;
        var held = settlements.Where(s => model.HolderOf(s.Lease) is not null).ToList();
        Tell(
            $"settle {settlements.Count}, held: {string.Join(' ', held.Select(s => (model.HolderOf(s.Lease)!.Number, s.Outcome.Kind)))}"
        );
        await AnswersAsync(
            Named(held.Select(s => s.Lease)),
            "",
            () => SettleOnceAsync(settlements),
            settlements[^1].Lease.JobId
        );
        foreach (var (lease, outcome) in held)
            model.Settle(model.HolderOf(lease)!, outcome);
    }

    private async Task<string> SettleOnceAsync(IReadOnlyList<JobSettlement> settlements)
    {
        var resolved = settlements.Select(s =>
            s with
            {
                Outcome = s.Outcome.Resolve(s.Lease.Attempt, bed.Options, random),
            }
        );
        return Named(await bed.Backend.SettleAsync([.. resolved], Ct));
    }

    private static string Named(IEnumerable<JobLease> leases) =>
        string.Join(' ', leases.Select(lease => $"{lease.JobId}/{lease.Token}").Order());

    private JobOutcome NewOutcome()
    {
        var delay = TimeSpan.FromMinutes(random.Next(4));
        return random.Next(bed.Options.HasKeys ? 10 : 8) switch
        {
            0 => JobOutcome.Done,
            < 4 => JobOutcome.Retry("failed", delay),
            4 => JobOutcome.Snooze(delay, "later"),
            < 7 => JobOutcome.HandBack,
            7 => JobOutcome.Dead("never"),
            _ => JobOutcome.Park(delay, "away"),
        };
    }

    private async Task RescueAsync()
    {
        var expected = model.Rescue();
        Tell($"rescue {expected}");
        Assert.Equal(expected, await bed.RescueAsync());
    }

    /// <summary>A rescuer that takes over what is abandoned, and dies or comes late itself.</summary>
    private async Task TakeOverAsync()
    {
        if (Lossy is not null && random.Next(4) == 0)
        {
            Tell("take over");
            await LoseClaimAsync(async rescuer =>
                await bed.Backend.MaintainAsync(bed.Options, rescuer, 100, Ct)
            );
            return;
        }
        var taken = await bed.Backend.MaintainAsync(bed.Options, "rescuer", 100, Ct);
        Tell($"take over {taken.Count}");
        TakeOver(taken);
    }

    private void TakeOver(IReadOnlyList<ClaimedJob> taken)
    {
        Assert.Equal(
            model.Abandoned.Select(job => (job.Id, job.Attempt)).Order(),
            taken.Select(job => (job.Lease.JobId, job.Lease.Attempt)).Order()
        );
        foreach (var job in taken)
            model.TakeOver(model.Find(job.Lease.JobId)!, job.Lease);
        Keep(taken);
    }

    private async Task RenewAsync()
    {
        // Jobs that were claimed together may be renewed together, so half of them isn't asked for.
        var asked = claims
            .Where(_ => random.Next(2) == 0)
            .SelectMany(claim => claim.Select(job => job.Lease))
            .ToList();
        var expected = asked.Where(lease => model.HolderOf(lease) is not null).ToHashSet();
        Tell($"renew {asked.Count}, {expected.Count} of them held");
        var call = async () => Named(await bed.Backend.RenewAsync(bed.Options, asked, Ct));
        var answer = Named(expected);
        if (expected.Count > 0)
            await AnswersAsync(answer, answer, call, PartOf(asked.First(expected.Contains)));
        else
            Assert.Equal(answer, await call());
        foreach (var lease in expected)
            model.Renew(model.HolderOf(lease)!);
    }

    private void Keep(IReadOnlyList<ClaimedJob> claimed)
    {
        if (claimed.Count == 0)
            return;
        claims.Add(claimed);
        leases.AddRange(claimed.Select(job => job.Lease));
    }
}
