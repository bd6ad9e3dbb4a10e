using FlowChat.Queues.Ledger;

namespace FlowChat.Queues.Tests.Ledger;

/// <summary>A look is answered by the broker's entries alone, once all that may run has one.</summary>
internal sealed class LookingThroughBroker(LedgerQueueBackend ledger, IQueueBackend broker)
    : IQueueBackend
{
    private static readonly CancellationToken Now = new(canceled: true);

    public async ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(
        QueueOptions queue,
        string worker,
        int max,
        CancellationToken cancellationToken
    )
    {
        if (!cancellationToken.IsCancellationRequested)
            return await ledger.ClaimAsync(queue, worker, max, cancellationToken);
        await ledger.PrepareAsync(queue, CancellationToken.None);
        var mine = ledger.Of(queue.Name)!;
        var jobs = new List<ClaimedJob>();
        while (jobs.Count < max)
        {
            await mine.Feed.ReconcileAsync(CancellationToken.None);
            var entries = await broker.ClaimAsync(
                BrokerEntry.Options(queue),
                worker,
                max - jobs.Count,
                Now
            );
            if (entries.Count == 0)
                break;
            jobs.AddRange(await mine.Claims.ClaimAsync(worker, entries));
        }
        return jobs;
    }

    public ValueTask PrepareAsync(QueueOptions queue, CancellationToken cancellationToken) =>
        ledger.PrepareAsync(queue, cancellationToken);

    public ValueTask<int> EnqueueAsync(
        IReadOnlyList<Job> jobs,
        CancellationToken cancellationToken
    ) => ledger.EnqueueAsync(jobs, cancellationToken);

    public ValueTask<IReadOnlySet<JobLease>> RenewAsync(
        QueueOptions queue,
        IReadOnlyCollection<JobLease> leases,
        CancellationToken cancellationToken
    ) => ledger.RenewAsync(queue, leases, cancellationToken);

    public ValueTask<IReadOnlySet<JobLease>> SettleAsync(
        IReadOnlyList<JobSettlement> settlements,
        CancellationToken cancellationToken
    ) => ledger.SettleAsync(settlements, cancellationToken);

    public ValueTask<IReadOnlyList<ClaimedJob>> MaintainAsync(
        QueueOptions queue,
        string rescuer,
        int max,
        CancellationToken cancellationToken
    ) => ledger.MaintainAsync(queue, rescuer, max, cancellationToken);

    public ValueTask SetPausedAsync(
        string queue,
        bool paused,
        CancellationToken cancellationToken
    ) => ledger.SetPausedAsync(queue, paused, cancellationToken);

    public ValueTask<QueueFigures> MeasureAsync(
        string queue,
        CancellationToken cancellationToken
    ) => ledger.MeasureAsync(queue, cancellationToken);

    public ValueTask<IReadOnlyList<DeadJob>> FindDeadAsync(
        DeadJobFilter filter,
        DeadJobCursor? after,
        int limit,
        CancellationToken cancellationToken
    ) => ledger.FindDeadAsync(filter, after, limit, cancellationToken);

    public ValueTask<int> ActOnDeadAsync(
        DeadJobFilter filter,
        DeadJobAction action,
        bool dryRun,
        CancellationToken cancellationToken
    ) => ledger.ActOnDeadAsync(filter, action, dryRun, cancellationToken);
}
