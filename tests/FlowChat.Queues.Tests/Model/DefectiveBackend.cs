namespace FlowChat.Queues.Tests.Model;

public enum Defect
{
    None,
    LaneIsForgotten,
    LaneIsReversed,
    LimitKeyIsForgotten,
    DueTimeIsForgotten,
    ExpiryIsForgotten,
    KnownIdIsAddedAgain,
    DoneJobIsGivenOutAgain,
    HandedBackJobIsLost,
    DeadJobIsLost,
    AttemptIsNotCounted,
    SnoozeCostsAnAttempt,
    BackOffIsForgotten,
    FencedOffWorkerSettles,
    FencedOffWorkerIsToldItSettled,
    RenewalIsForgotten,
    PauseIsIgnored,
}

/// <summary>A good backend with one planted defect, which shows at every third occasion.</summary>
internal sealed class DefectiveBackend(IQueueBackend good, Defect planted) : IQueueBackend
{
    private readonly Dictionary<Guid, JobLease> holders = [];
    private readonly HashSet<Guid> known = [];
    private int occasions;
    private bool paused;

    public ValueTask<int> EnqueueAsync(IReadOnlyList<Job> jobs, CancellationToken ct) =>
        good.EnqueueAsync(
            Shows(Defect.LaneIsReversed) ? [.. jobs.Reverse()] : [.. jobs.Select(Spoiled)],
            ct
        );

    public async ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(
        QueueOptions queue,
        string worker,
        int max,
        CancellationToken ct
    ) => Held(await good.ClaimAsync(queue, worker, max, ct));

    public async ValueTask<IReadOnlyList<ClaimedJob>> MaintainAsync(
        QueueOptions queue,
        string rescuer,
        int max,
        CancellationToken ct
    ) => Held(await good.MaintainAsync(queue, rescuer, max, ct));

    public async ValueTask<IReadOnlySet<JobLease>> RenewAsync(
        QueueOptions queue,
        IReadOnlyCollection<JobLease> leases,
        CancellationToken ct
    ) =>
        leases.Any(IsHolder) && Shows(Defect.RenewalIsForgotten)
            ? leases.Where(IsHolder).ToHashSet()
            : await good.RenewAsync(queue, leases, ct);

    public async ValueTask<IReadOnlySet<JobLease>> SettleAsync(
        IReadOnlyList<JobSettlement> settlements,
        CancellationToken ct
    )
    {
        var asked = settlements.Select(s => s.Lease).ToHashSet();
        var spoiled = settlements.Select(Spoiled).DistinctBy(s => s.Lease);
        var held = await good.SettleAsync([.. spoiled], ct);
        foreach (var lease in held)
            holders.Remove(lease.JobId);
        asked.RemoveWhere(lease =>
            !held.Contains(lease) && !Shows(Defect.FencedOffWorkerIsToldItSettled)
        );
        return asked;
    }

    public ValueTask SetPausedAsync(string queue, bool paused, CancellationToken ct)
    {
        this.paused = paused;
        return planted == Defect.PauseIsIgnored
            ? ValueTask.CompletedTask
            : good.SetPausedAsync(queue, paused, ct);
    }

    public async ValueTask<QueueFigures> MeasureAsync(string queue, CancellationToken ct) =>
        await good.MeasureAsync(queue, ct) with
        {
            Paused = paused,
        };

    public ValueTask PrepareAsync(QueueOptions queue, CancellationToken ct) =>
        good.PrepareAsync(queue, ct);

    public ValueTask<IReadOnlyList<DeadJob>> FindDeadAsync(
        DeadJobFilter filter,
        DeadJobCursor? after,
        int limit,
        CancellationToken ct
    ) => good.FindDeadAsync(filter, after, limit, ct);

    public ValueTask<int> ActOnDeadAsync(
        DeadJobFilter filter,
        DeadJobAction action,
        bool dryRun,
        CancellationToken ct
    ) => good.ActOnDeadAsync(filter, action, dryRun, ct);

    private Job Spoiled(Job job) =>
        !known.Add(job.Id) && Shows(Defect.KnownIdIsAddedAgain)
            ? job with
            {
                Id = Guid.CreateVersion7(),
            }
        : job.Lane is not null && Shows(Defect.LaneIsForgotten) ? job with { Lane = null }
        : job.LimitKey is not null && Shows(Defect.LimitKeyIsForgotten)
            ? job with
            {
                LimitKey = null,
            }
        : job.DueAt is not null && Shows(Defect.DueTimeIsForgotten) ? job with { DueAt = null }
        : job.ExpiresAt is not null && Shows(Defect.ExpiryIsForgotten)
            ? job with
            {
                ExpiresAt = null,
            }
        : job;

    private JobSettlement Spoiled(JobSettlement settlement)
    {
        var (lease, outcome) = settlement;
        if (!IsHolder(lease))
            return
                holders.TryGetValue(lease.JobId, out var holder)
                && Shows(Defect.FencedOffWorkerSettles)
                ? new JobSettlement(holder, outcome)
                : settlement;
        return new JobSettlement(
            lease,
            outcome.Kind switch
            {
                JobOutcomeKind.Done when Shows(Defect.DoneJobIsGivenOutAgain) =>
                    JobOutcome.HandBack,
                JobOutcomeKind.HandBack when Shows(Defect.HandedBackJobIsLost) => JobOutcome.Done,
                JobOutcomeKind.Dead when Shows(Defect.DeadJobIsLost) => JobOutcome.Done,
                JobOutcomeKind.Retry when Shows(Defect.AttemptIsNotCounted) => JobOutcome.Snooze(
                    outcome.Delay!.Value,
                    ""
                ),
                JobOutcomeKind.Retry when Shows(Defect.BackOffIsForgotten) => JobOutcome.Retry(
                    "",
                    TimeSpan.Zero
                ),
                JobOutcomeKind.Snooze when Shows(Defect.SnoozeCostsAnAttempt) => JobOutcome.Retry(
                    "",
                    outcome.Delay
                ),
                _ => outcome,
            }
        );
    }

    private IReadOnlyList<ClaimedJob> Held(IReadOnlyList<ClaimedJob> claimed)
    {
        foreach (var job in claimed)
            holders[job.Lease.JobId] = job.Lease;
        return claimed;
    }

    private bool IsHolder(JobLease lease) => holders.GetValueOrDefault(lease.JobId) == lease;

    private bool Shows(Defect defect) => planted == defect && ++occasions % 3 == 0;
}

/// <summary>A good store of defective backends.</summary>
internal sealed class DefectiveStore(IQueueStore store, Defect planted) : IQueueStore
{
    public IQueueBackend Open() => new DefectiveBackend(store.Open(), planted);

    public Task AdvanceAsync(TimeSpan time, string? queue = null) =>
        store.AdvanceAsync(time, queue);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
