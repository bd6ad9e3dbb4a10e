using FlowChat.Queues.Postgres.Sql;
using Npgsql;

namespace FlowChat.Queues.Postgres;

/// <summary>
/// The jobs' rows inside a transaction of the caller's, so that a change and its jobs are committed together. Each
/// method appends commands to the caller's batch, the same number whatever the count of jobs; they answer with results
/// that mean nothing to the caller, so read your own results before them or execute without reading. The transaction
/// must be READ COMMITTED. Call <see cref="AfterCommit(IEnumerable{JobHint})"/> once it is committed.
/// </summary>
public sealed class JobLedger
{
    private readonly QueueRegistry queues;
    private readonly QueueSignal signal;
    private readonly Random random;
    private readonly QueueMetrics? metrics;

    /// <summary>Makes the ledger of the registered queues.</summary>
    public JobLedger(
        QueueRegistry queues,
        QueueSignal signal,
        Random random,
        QueueMetrics? metrics = null
    )
    {
        this.queues = queues;
        this.signal = signal;
        this.random = random;
        this.metrics = metrics;
    }

    /// <summary>The SQLSTATE with which a settle fails when the lease is lost.</summary>
    public const string LeaseLostSqlState = "FQ001";

    /// <summary>Adds jobs. One whose id lives already is skipped.</summary>
    /// <exception cref="ArgumentException">A job doesn't fit its queue, or the queue isn't registered.</exception>
    public void Add(NpgsqlBatch batch, IReadOnlyList<Job> jobs)
    {
        if (jobs.Count == 0)
            return;
        queues.Check(jobs);
        InsertJobs.Append(batch, QueueTraces.Send(jobs));
        metrics?.Sent(jobs);
    }

    /// <summary>
    /// Settles the handler's own job, so that its effect and the job's end are one. When the lease is lost meanwhile, the
    /// transaction fails with <see cref="LeaseLostSqlState"/> (<see cref="IsLeaseLost"/>): nothing of it is kept. The
    /// handler answers <see cref="JobOutcome.Settled"/> after the commit, and <see cref="AfterCommit(IEnumerable{JobHint})"/>
    /// with the lease lets its lane go on at once.
    /// </summary>
    public void Settle(NpgsqlBatch batch, JobLease lease, JobOutcome outcome) =>
        Settle(batch, [new JobSettlement(lease, outcome)]);

    /// <summary>Settles the jobs of several handlers; one lost lease fails the transaction for all.</summary>
    public void Settle(NpgsqlBatch batch, IReadOnlyList<JobSettlement> settlements)
    {
        if (settlements.Any(s => s.Outcome.Kind == JobOutcomeKind.Settled))
            throw new ArgumentException("Settle with what became of the job.", nameof(settlements));
        SettleJobs.Append(batch, [.. settlements.Select(Resolve)], fence: true);
    }

    /// <summary>
    /// Lets the jobs of a limit key wait, whatever parked them before; what runs is not touched, what expires may still
    /// be claimed.
    /// </summary>
    /// <param name="batch">The caller's.</param>
    /// <param name="key">The key.</param>
    /// <param name="until">Null: until it is resumed.</param>
    /// <param name="reason">For people.</param>
    public void ParkKey(NpgsqlBatch batch, LimitKey key, DateTimeOffset? until, string reason) =>
        LimitKeys.AppendPark(batch, Known(key), until, reason);

    /// <summary>Lets the jobs of a limit key run again.</summary>
    public void ResumeKey(NpgsqlBatch batch, LimitKey key) =>
        LimitKeys.AppendResume(batch, Known(key));

    /// <summary>
    /// Lets so many jobs of a limit key run at once, over all processes, whatever its queue says of the others; what runs
    /// is not touched.
    /// </summary>
    /// <param name="batch">The caller's.</param>
    /// <param name="key">The key.</param>
    /// <param name="concurrency">1–1,000; null: as many as its queue says.</param>
    public void SetKeyConcurrency(NpgsqlBatch batch, LimitKey key, int? concurrency)
    {
        if (concurrency is < 1 or > 1_000)
            throw new ArgumentOutOfRangeException(
                nameof(concurrency),
                concurrency,
                "Give 1–1,000."
            );
        LimitKeys.AppendLimit(batch, Known(key), concurrency);
    }

    /// <summary>A dead job runs again with all its attempts, at its lane's end. One that isn't dead is left alone.</summary>
    public static void Requeue(NpgsqlBatch batch, Guid tenantId, Guid jobId) =>
        ReviveJobs.AppendRequeue(batch, [(tenantId, jobId)], TimeSpan.Zero, 0);

    /// <summary>The same, due only after the wait: for many that are let go one after the other.</summary>
    public static void Requeue(NpgsqlBatch batch, Guid tenantId, Guid jobId, TimeSpan wait) =>
        ReviveJobs.AppendRequeue(batch, [(tenantId, jobId)], wait, 1);

    /// <summary>A dead job goes, for good. One that isn't dead is left alone.</summary>
    public static void Discard(NpgsqlBatch batch, Guid tenantId, Guid jobId) =>
        ReviveJobs.AppendDiscard(batch, [(tenantId, jobId)]);

    /// <summary>
    /// Fails the transaction with <see cref="LeaseLostSqlState"/> unless the lease is still held: for an effect before the
    /// last one, which a worker that was stopped too long must not have.
    /// </summary>
    public static void Guard(NpgsqlBatch batch, JobLease lease) =>
        LedgerSteps.AppendGuard(batch, lease);

    /// <summary>A job that waits for its time is due now. One that is blocked, running or dead is left alone.</summary>
    public static void Wake(NpgsqlBatch batch, Guid tenantId, Guid jobId) =>
        LedgerSteps.AppendWake(batch, tenantId, jobId);

    /// <summary>The first job of a lane may run, if it waits for none. For a watch over the rows: no change of a lane needs it.</summary>
    public static void Promote(NpgsqlBatch batch, Guid tenantId, string queue, string lane) =>
        HeadlessLanes.AppendPromote(batch, tenantId, queue, lane);

    /// <summary>
    /// Brings the jobs of one lane into another: each lane keeps its order, what runs goes on, and between the two the
    /// earlier enqueued goes first. A lease that names the old lane is settled as if it named the new one.
    /// </summary>
    public static void JoinLanes(
        NpgsqlBatch batch,
        Guid tenantId,
        string queue,
        string from,
        string into
    ) => Sql.JoinLanes.Append(batch, tenantId, queue, from, into);

    /// <summary>
    /// Wakes the workers of the queues, here and in other processes. Where a broker carries the queue, hints reach more:
    /// a name alone means what became due just now, and the next of a lane is then found up to a poll later.
    /// </summary>
    public void AfterCommit(IEnumerable<string> queues) => signal.Notify(queues);

    /// <summary>Wakes workers for what the transaction added, settled, woke, requeued or resumed.</summary>
    public void AfterCommit(IEnumerable<JobHint> hints) => signal.Notify(hints);

    /// <summary>Whether a transaction failed because the lease of the job it settled is lost.</summary>
    public static bool IsLeaseLost(Exception exception) =>
        exception is PostgresException { SqlState: LeaseLostSqlState };

    private JobSettlement Resolve(JobSettlement settlement) =>
        settlement with
        {
            Outcome = settlement.Outcome.Resolve(
                settlement.Lease.Attempt,
                queues[settlement.Lease.Queue],
                random
            ),
        };

    private LimitKey Known(LimitKey key) =>
        queues[key.Queue].HasKeys
            ? key
            : throw new ArgumentException(
                $"Queue {key.Queue} has no limit keys: set its KeyConcurrency or KeyRate.",
                nameof(key)
            );
}
