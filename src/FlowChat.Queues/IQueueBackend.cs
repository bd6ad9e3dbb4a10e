namespace FlowChat.Queues;

/// <summary>
/// Where the jobs are kept. Every call may be made from any number of threads and processes, takes its times from the
/// server's clock, and throws <see cref="QueueUnavailableException"/> when the server is away or busy: the caller waits
/// and tries again. Any other exception is about the call itself.
/// </summary>
public interface IQueueBackend
{
    /// <summary>
    /// Makes the queue known. Called before any other use of the queue, and harmless when repeated.
    /// </summary>
    /// <exception cref="NotSupportedException">The options ask for what this backend can't promise.</exception>
    ValueTask PrepareAsync(QueueOptions queue, CancellationToken cancellationToken);

    /// <summary>Adds the jobs, all or none; one whose id lives already is skipped.</summary>
    /// <returns>How many were added.</returns>
    ValueTask<int> EnqueueAsync(IReadOnlyList<Job> jobs, CancellationToken cancellationToken);

    /// <summary>
    /// Claims up to <paramref name="max"/> jobs that are due, heads of their lanes and within the limit of their keys,
    /// longest due first. With none, waits for one up to <see cref="QueueOptions.PollInterval"/>. Who awaits it may go on
    /// where the answer was read, and doesn't block there.
    /// </summary>
    /// <param name="queue">The queue.</param>
    /// <param name="worker">The worker's name, for people.</param>
    /// <param name="max">At least 1.</param>
    /// <param name="cancellationToken">Ends the wait; a claim under way is finished, so that no claimed job is lost.</param>
    ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(
        QueueOptions queue,
        string worker,
        int max,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Lets the leases last for <see cref="QueueOptions.Lease"/> from now, and perhaps those of jobs that were claimed in
    /// the same call.
    /// </summary>
    /// <returns>Those that were still held. The others are lost.</returns>
    ValueTask<IReadOnlySet<JobLease>> RenewAsync(
        QueueOptions queue,
        IReadOnlyCollection<JobLease> leases,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Carries out the outcomes, all or none, each only if its lease is still held. What becomes available wakes this
    /// process's workers; what is handed back wakes all.
    /// </summary>
    /// <returns>The leases that were held. The outcomes of the others were dropped.</returns>
    ValueTask<IReadOnlySet<JobLease>> SettleAsync(
        IReadOnlyList<JobSettlement> settlements,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Trims the history, and claims up to <paramref name="max"/> jobs whose lease has passed, under a new lease and
    /// without counting an attempt, so that their worker is fenced off and the caller can settle them.
    /// </summary>
    ValueTask<IReadOnlyList<ClaimedJob>> MaintainAsync(
        QueueOptions queue,
        string rescuer,
        int max,
        CancellationToken cancellationToken
    );

    /// <summary>Stops or resumes the claiming of a queue's jobs, for all processes. Jobs that run are not touched.</summary>
    ValueTask SetPausedAsync(string queue, bool paused, CancellationToken cancellationToken);

    /// <summary>Counts the queue.</summary>
    ValueTask<QueueFigures> MeasureAsync(string queue, CancellationToken cancellationToken);

    /// <summary>Lists dead jobs, newest death first.</summary>
    ValueTask<IReadOnlyList<DeadJob>> FindDeadAsync(
        DeadJobFilter filter,
        DeadJobCursor? after,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Requeues or discards dead jobs.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="action">What to do.</param>
    /// <param name="dryRun">Only count them.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>How many were, or would be, acted on.</returns>
    ValueTask<int> ActOnDeadAsync(
        DeadJobFilter filter,
        DeadJobAction action,
        bool dryRun,
        CancellationToken cancellationToken
    );
}
