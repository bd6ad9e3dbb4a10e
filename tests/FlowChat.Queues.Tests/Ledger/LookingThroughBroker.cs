using FlowChat.Queues.Ledger;

namespace FlowChat.Queues.Tests.Ledger;

/// <summary>A look is answered by the broker's entries alone, once all that may run has one.</summary>
internal sealed class LookingThroughBroker(LedgerQueueBackend ledger, IQueueBackend broker)
    : IQueueBackend
{
    private static readonly CancellationToken Now = new(canceled: true);

    // A server that is slow under load has its time; what fails for good fails then.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public async ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(
        QueueOptions queue,
        string worker,
        int max,
        CancellationToken cancellationToken
    )
    {
        if (!cancellationToken.IsCancellationRequested)
            return await ledger.ClaimAsync(queue, worker, max, cancellationToken);
        var jobs = new List<ClaimedJob>();
        var begun = TimeProvider.System.GetTimestamp();
        while (jobs.Count < max)
            try
            {
                await PrepareAsync(queue, CancellationToken.None);
                if (await LookAsync(queue, worker, max - jobs.Count) is not { } found)
                    break;
                jobs.AddRange(found);
            }
            catch (QueueUnavailableException)
                when (TimeProvider.System.GetElapsedTime(begun) < Longest)
            {
                // The circuit has opened, and closes when the broker answers again.
            }
        return jobs;
    }

    /// <summary>Waits until the broker carries the queue: a worker would look into PostgreSQL until then.</summary>
    public async ValueTask PrepareAsync(QueueOptions queue, CancellationToken cancellationToken)
    {
        await ledger.PrepareAsync(queue, cancellationToken);
        await ledger.Of(queue.Name)!.Circuit.Closed.WaitAsync(Longest, cancellationToken);
    }

    /// <returns>Null when there is no entry.</returns>
    private async Task<IReadOnlyList<ClaimedJob>?> LookAsync(
        QueueOptions queue,
        string worker,
        int max
    )
    {
        var mine = ledger.Of(queue.Name)!;
        await mine.Feed.ReconcileAsync(CancellationToken.None);
        var entries = await broker.ClaimAsync(BrokerEntry.Options(queue), worker, max, Now);
        return entries.Count == 0 ? null : await mine.Claims.ClaimAsync(worker, entries);
    }

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
