using FlowChat.Queues.Postgres.Sql;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FlowChat.Queues.Postgres;

/// <summary>
/// Jobs as rows of PostgreSQL, claimed with <c>for update skip locked</c>. Needs the tables of
/// <see cref="PostgresQueueSchema"/> on the connection's search path, a role that sees every tenant's rows, and READ
/// COMMITTED. Keeps one connection that listens, and one more while there is news to send.
/// Payloads are <c>jsonb</c>: PostgreSQL refuses the character U+0000 in them. Automatic preparation (<c>Max Auto
/// Prepare</c>) on the data source pays.
/// </summary>
public sealed partial class PostgresQueueBackend : IQueueBackend, IAsyncDisposable
{
    private const int RequeueBatch = 500;

    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly NpgsqlDataSource dataSource;
    private readonly TimeProvider time;
    private readonly QueueWire wire;
    private readonly CancellationTokenSource disposal = new();
    private readonly Lock starting = new();
    private Task? wiring;

    /// <summary>Makes the backend; the first <see cref="PrepareAsync"/> connects it.</summary>
    public PostgresQueueBackend(
        NpgsqlDataSource dataSource,
        TimeProvider time,
        ILogger<PostgresQueueBackend> logger
    )
    {
        this.dataSource = dataSource;
        this.time = time;
        wire = new QueueWire(dataSource, Signal, time, logger);
    }

    /// <summary>Wakes the workers of jobs that were committed past this class.</summary>
    public QueueSignal Signal { get; } = new();

    /// <inheritdoc/>
    public async ValueTask PrepareAsync(QueueOptions queue, CancellationToken cancellationToken)
    {
        if (queue.Partitions > 1)
            throw new NotSupportedException(
                $"Queue {queue.Name} has {queue.Partitions} partitions, which PostgreSQL doesn't need: leave it at 1."
            );
        await using var batch = dataSource.CreateBatch();
        if (queue.HasKeys)
            LimitKeys.AppendAdopt(batch, queue.Name);
        Rates.AppendKnow(batch, queue.Name);
        await Reach(() => batch.ExecuteNonQueryAsync(cancellationToken));
        lock (starting)
            wiring ??= wire.RunAsync(disposal.Token);
    }

    /// <inheritdoc/>
    public async ValueTask<int> EnqueueAsync(
        IReadOnlyList<Job> jobs,
        CancellationToken cancellationToken
    )
    {
        if (jobs.Count == 0)
            return 0;
        await using var batch = dataSource.CreateBatch();
        var insert = InsertJobs.Append(batch, jobs);
        await Reach(() => batch.ExecuteNonQueryAsync(cancellationToken));
        Signal.Notify(jobs.Select(JobHint.Of));
        return (int)insert.Rows;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(
        QueueOptions queue,
        string worker,
        int max,
        CancellationToken cancellationToken
    ) => ClaimAsync(queue, worker, max, Signal.Next(queue.Name), cancellationToken);

    /// <param name="queue">The queue.</param>
    /// <param name="worker">Who takes them.</param>
    /// <param name="max">No more than that.</param>
    /// <param name="news">Ends the wait; <see cref="QueueSignal.Next"/> of some moments ago.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(
        QueueOptions queue,
        string worker,
        int max,
        Task news,
        CancellationToken cancellationToken
    )
    {
        var (jobs, next) = await TryClaimAsync(queue, worker, max);
        if (jobs.Count > 0)
            return jobs;
        // News doesn't help where the queue itself has to wait.
        await (next.Queue is null ? news : Never)
            .WaitAsync(Shortest(queue.PollInterval, next), time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return cancellationToken.IsCancellationRequested
            ? []
            : await ClaimNowAsync(queue, worker, max);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlySet<JobLease>> RenewAsync(
        QueueOptions queue,
        IReadOnlyCollection<JobLease> leases,
        CancellationToken cancellationToken
    )
    {
        if (leases.Count == 0)
            return new HashSet<JobLease>();
        await using var batch = dataSource.CreateBatch();
        KeepLeases.AppendRenewal(batch, leases, queue.Lease);
        return await Reach(() => ReadHeldAsync(batch, leases, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlySet<JobLease>> SettleAsync(
        IReadOnlyList<JobSettlement> settlements,
        CancellationToken cancellationToken
    )
    {
        if (settlements.Count == 0)
            return new HashSet<JobLease>();
        await using var batch = dataSource.CreateBatch();
        batch.Seek();
        SettleJobs.Append(batch, settlements, fence: false);
        var leases = settlements.Select(s => s.Lease).ToList();
        var held = await Reach(() => ReadHeldAsync(batch, leases, cancellationToken));
        Tell(settlements);
        return held;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ClaimedJob>> MaintainAsync(
        QueueOptions queue,
        string rescuer,
        int max,
        CancellationToken cancellationToken
    )
    {
        await using (var trim = dataSource.CreateBatch())
        {
            KeepLeases.AppendTrim(trim, queue);
            await Reach(() => trim.ExecuteNonQueryAsync(cancellationToken));
        }
        await using var batch = dataSource.CreateBatch();
        var token = Guid.CreateVersion7();
        KeepLeases.AppendTakeOver(batch, queue, rescuer, max, token);
        return await Reach(() => ClaimJobs.ReadAsync(batch, queue.Name, token));
    }

    internal async Task<List<ClaimedJob>> ClaimNowAsync(
        QueueOptions queue,
        string worker,
        int max
    ) => (await TryClaimAsync(queue, worker, max)).Jobs;

    private async Task<(List<ClaimedJob> Jobs, NextPermit Next)> TryClaimAsync(
        QueueOptions queue,
        string worker,
        int max
    )
    {
        await using var batch = dataSource.CreateBatch();
        var token = Guid.CreateVersion7();
        ClaimJobs.Append(batch, queue, worker, max, token);
        return queue.IsRated
            ? await Reach(() => ClaimJobs.ReadRatedAsync(batch, queue.Name, token))
            : (await Reach(() => ClaimJobs.ReadAsync(batch, queue.Name, token)), default);
    }

    private static TimeSpan Shortest(TimeSpan poll, NextPermit next)
    {
        var permit = next.Queue ?? next.Key ?? poll;
        // Timers cut what is less than a millisecond.
        return permit >= poll ? poll
            : permit <= TimeSpan.Zero ? TimeSpan.Zero
            : TimeSpan.FromMilliseconds(Math.Ceiling(permit.TotalMilliseconds));
    }

    // The end of a job with neither lane nor key makes nothing available.
    private void Tell(IReadOnlyList<JobSettlement> settlements)
    {
        var hints = settlements
            .Where(s =>
                !s.Outcome.IsEnd || s.Lease.Lane is not null || s.Lease.LimitKey is not null
            )
            .ToLookup(
                s => s.Outcome.Kind == JobOutcomeKind.HandBack,
                s => s.Outcome.IsEnd ? JobHint.After(s.Lease) : JobHint.Of(s.Lease)
            );
        Signal.Pulse(hints[false]);
        if (hints.Contains(true))
            Signal.Notify(hints[true]);
    }

    private static async Task<HashSet<JobLease>> ReadHeldAsync(
        NpgsqlBatch batch,
        IReadOnlyCollection<JobLease> leases,
        CancellationToken cancellationToken
    )
    {
        var asked = leases.ToDictionary(lease => (lease.TenantId, lease.JobId, lease.Token));
        var held = new HashSet<JobLease>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        do
        {
            // The locks on lanes answer with rows of no columns.
            while (reader.FieldCount > 0 && await reader.ReadAsync(cancellationToken))
                held.Add(asked[(reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2))]);
        } while (await reader.NextResultAsync(cancellationToken));
        return held;
    }

    private static async Task<T> Reach<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (IsAway(e))
        {
            throw new QueueUnavailableException("PostgreSQL is away or busy.", e);
        }
    }

    // Besides lost connections: shut down or cancelled by the operator (57), deadlock and serialization (40), no room (53).
    private static bool IsAway(Exception exception) =>
        exception switch
        {
            PostgresException e => e.IsTransient || e.SqlState[..2] is "57" or "40" or "53" or "08",
            NpgsqlException => true,
            TimeoutException or System.Net.Sockets.SocketException or IOException => true,
            _ => false,
        };

    /// <summary>Ends the wake-ups. The data source stays the caller's.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposal.IsCancellationRequested)
            return;
        await disposal.CancelAsync();
        if (wiring is not null)
            await wiring;
        await wire.EndAsync();
        disposal.Dispose();
    }
}
