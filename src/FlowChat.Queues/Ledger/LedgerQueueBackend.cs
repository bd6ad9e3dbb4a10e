using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlowChat.Queues.Postgres;
using FlowChat.Queues.Redis;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Ledger;

/// <summary>
/// Jobs as rows of PostgreSQL, the truth for every promise, with brokers that carry the news of them: an entry names a
/// job that may run, and whoever gets it claims the row. A broker may lose, repeat and reorder entries, or be away:
/// no job is lost by that, none is run twice at once, and nothing has to be restarted. While it is away workers claim
/// straight from PostgreSQL.
/// </summary>
public sealed partial class LedgerQueueBackend : IQueueBackend, IAsyncDisposable
{
    private readonly PostgresQueueBackend ledger;
    private readonly IReadOnlyList<LedgerBroker> brokers;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ConcurrentDictionary<string, CarriedQueue> carried = new(
        StringComparer.Ordinal
    );
    private readonly CancellationTokenSource disposal = new();
    private readonly Meter meter = new(QueueMetrics.SourceName);

    /// <summary>Makes the backend. The brokers are its own from then on, the ledger stays the caller's.</summary>
    /// <param name="ledger">The rows.</param>
    /// <param name="brokers">The first that carries a queue does; a queue without one is the ledger's alone.</param>
    /// <param name="time">The clock of waits.</param>
    /// <param name="logger">The log.</param>
    public LedgerQueueBackend(
        PostgresQueueBackend ledger,
        IReadOnlyList<LedgerBroker> brokers,
        TimeProvider time,
        ILogger<LedgerQueueBackend> logger
    )
    {
        ArgumentNullException.ThrowIfNull(ledger);
        this.ledger = ledger;
        this.brokers = brokers;
        this.time = time;
        this.logger = logger;
        CountReconciled();
        ledger.Signal.Carrier = (queue, hints) =>
            carried.TryGetValue(queue, out var mine) && mine.Feed.Hint(hints);
    }

    /// <inheritdoc/>
    /// <remarks>Doesn't wait for a broker.</remarks>
    public async ValueTask PrepareAsync(QueueOptions queue, CancellationToken cancellationToken)
    {
        var broker = CarrierOf(queue.Name);
        // Rows aren't divided; Redis spreads their names by the jobs' ids.
        await ledger.PrepareAsync(
            broker?.Backend is RedisQueueBackend ? queue.Undivided() : queue,
            cancellationToken
        );
        if (broker is null)
            return;
        var mine = CarriedQueue.Of(queue, ledger, broker.Backend, time, logger);
        if (carried.TryAdd(queue.Name, mine))
            mine.Run(disposal.Token);
    }

    /// <inheritdoc/>
    public ValueTask<int> EnqueueAsync(
        IReadOnlyList<Job> jobs,
        CancellationToken cancellationToken
    ) => ledger.EnqueueAsync(jobs, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(
        QueueOptions queue,
        string worker,
        int max,
        CancellationToken cancellationToken
    )
    {
        // Who won't wait can't be told by a broker.
        if (cancellationToken.IsCancellationRequested || Of(queue.Name) is not { } mine)
            return await ledger.ClaimAsync(queue, worker, max, cancellationToken);
        if (mine.Circuit.IsOpen)
        {
            // Taken before the second look: a broker that connects between the two gives the news.
            var news = ledger.Signal.Next(queue.Name);
            if (mine.Circuit.IsOpen)
                return await ledger.ClaimAsync(queue, worker, max, news, cancellationToken);
        }
        return await mine.Claims.ClaimAsync(worker, max, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlySet<JobLease>> RenewAsync(
        QueueOptions queue,
        IReadOnlyCollection<JobLease> leases,
        CancellationToken cancellationToken
    ) => ledger.RenewAsync(queue, leases, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlySet<JobLease>> SettleAsync(
        IReadOnlyList<JobSettlement> settlements,
        CancellationToken cancellationToken
    )
    {
        var held = await ledger.SettleAsync(settlements, cancellationToken);
        Note(settlements, held);
        return held;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ClaimedJob>> MaintainAsync(
        QueueOptions queue,
        string rescuer,
        int max,
        CancellationToken cancellationToken
    ) => ledger.MaintainAsync(queue, rescuer, max, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SetPausedAsync(
        string queue,
        bool paused,
        CancellationToken cancellationToken
    )
    {
        await ledger.SetPausedAsync(queue, paused, cancellationToken);
        Reconcile(queue);
    }

    /// <inheritdoc/>
    public async ValueTask<QueueFigures> MeasureAsync(
        string queue,
        CancellationToken cancellationToken
    )
    {
        var figures = await ledger.MeasureAsync(queue, cancellationToken);
        return CarrierOf(queue)?.Backend is IBrokerCheck { Broker: var name }
            ? figures with
            {
                Backend = name,
            }
            : figures;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeadJob>> FindDeadAsync(
        DeadJobFilter filter,
        DeadJobCursor? after,
        int limit,
        CancellationToken cancellationToken
    ) => ledger.FindDeadAsync(filter, after, limit, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> ActOnDeadAsync(
        DeadJobFilter filter,
        DeadJobAction action,
        bool dryRun,
        CancellationToken cancellationToken
    )
    {
        var count = await ledger.ActOnDeadAsync(filter, action, dryRun, cancellationToken);
        if (action.IsRequeue && !dryRun)
            Reconcile(filter.Queue);
        return count;
    }

    /// <summary>Whether the queue's broker is away, so that its workers claim from PostgreSQL.</summary>
    public bool IsBrokerAway(string queue) =>
        carried.TryGetValue(queue, out var mine) && mine.Circuit.IsOpen;

    /// <summary>Completes once the broker of a prepared queue carries its jobs; at once where it has none.</summary>
    public Task CarriedAsync(string queue) =>
        carried.TryGetValue(queue, out var mine) ? mine.Circuit.Closed : Task.CompletedTask;

    /// <summary>Stops publishing and disposes the brokers.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposal.IsCancellationRequested)
            return;
        await disposal.CancelAsync();
        ledger.Signal.Carrier = null;
        await Task.WhenAll(carried.Values.Select(queue => queue.Running));
        foreach (var broker in brokers)
            if (broker.Backend is IAsyncDisposable disposable)
                await disposable.DisposeAsync();
        disposal.Dispose();
        meter.Dispose();
    }

    /// <summary>The parts of a queue that a broker carries.</summary>
    internal CarriedQueue? Of(string queue) => carried.GetValueOrDefault(queue);

    private void Reconcile(string queue) => Of(queue)?.Feed.Reconcile();
}
