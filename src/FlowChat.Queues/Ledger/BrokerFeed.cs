using System.Threading.Channels;
using FlowChat.Queues.Postgres;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Ledger;

/// <summary>
/// Publishes a queue's available jobs to its broker: those that this process's commits hint at, those that become due,
/// and every ten seconds, and at once after a reconnect, those whose entries are lost. One call is in flight, so that
/// batches form by themselves, and no caller waits for the broker.
/// </summary>
internal sealed partial class BrokerFeed(
    PostgresQueueBackend ledger,
    IQueueBackend broker,
    QueueOptions queue,
    BrokerCircuit circuit,
    BrokerAcks acks,
    TimeProvider time,
    ILogger logger
)
{
    private const int MaxBatch = NamePublisher.MaxBatch;

    private static readonly TimeSpan ReconcileEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReconcileApart = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(5);

    private readonly QueueOptions entries = BrokerEntry.Options(queue);
    private readonly NamePublisher names = new(broker, queue.Name, circuit, acks);
    private readonly string name = WorkerName.Next();
    private readonly Channel<IReadOnlyList<JobHint>> hints = Channel.CreateBounded<
        IReadOnlyList<JobHint>
    >(10 * MaxBatch);
    private DateTimeOffset since = DateTimeOffset.MaxValue;
    private TimeSpan untilDue = Shortest;
    private long lookedAt;
    private long reconciledAt;
    private volatile bool mustReconcile;
    private long reconciled;

    // Word of a process that has no broker, such as a command that requeues or resumes.
    private Task elsewhere = ledger.Signal.Next(queue.Name);

    /// <summary>How many jobs a look for those without an entry has brought to the broker.</summary>
    public long Reconciled => Volatile.Read(ref reconciled);

    /// <summary>Takes the hints of one commit.</summary>
    /// <returns>False while the broker is away: the caller wakes the workers itself.</returns>
    public bool Hint(IReadOnlyList<JobHint> commit)
    {
        if (circuit.IsOpen)
            return false;
        // Too many at once to name: whatever has no entry is looked for.
        if (!hints.Writer.TryWrite(commit))
            mustReconcile = true;
        return true;
    }

    /// <summary>Entries that were used. Those whose jobs were not given out: something before them may run.</summary>
    public void Hint(IEnumerable<JobLease> named, IReadOnlyCollection<ClaimedJob> besides)
    {
        var given = besides.Select(job => (job.Lease.TenantId, job.Lease.JobId)).ToHashSet();
        List<JobHint> left =
        [
            .. named
                .Where(lease => !given.Contains((lease.TenantId, lease.JobId)))
                .Select(lease => JobHint.Of(queue.Name, lease.TenantId, lease.JobId)),
        ];
        // A claim moves the time of the next permit.
        if (left.Count > 0 || queue.IsRated)
            Hint(left);
    }

    /// <summary>Something had no entry: there may be more.</summary>
    public void Miss()
    {
        if (time.GetElapsedTime(Volatile.Read(ref reconciledAt)) >= ReconcileApart)
            Reconcile();
    }

    /// <summary>Looks for what has no entry as soon as it can.</summary>
    public void Reconcile()
    {
        mustReconcile = true;
        hints.Writer.TryWrite([]);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var patience = new Patience(time, Random.Shared);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await StepAsync(cancellationToken);
                patience.Reset();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                mustReconcile = true;
                if (patience.IsFirst && e is not QueueUnavailableException)
                    Log.Failed(logger, queue.Name, e);
                await patience.WaitAsync(cancellationToken);
            }
        }
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        if (circuit.IsOpen)
            await ConnectAsync(cancellationToken);
        var sinceReconciled = time.GetElapsedTime(reconciledAt);
        var every = elsewhere.IsCompleted ? ReconcileApart : ReconcileEvery;
        if (mustReconcile || sinceReconciled >= every)
            await ReconcileAsync(cancellationToken);
        else if (every - sinceReconciled is var left)
            await PublishAsync(
                await TakeAsync(UntilLook < left ? UntilLook : left, cancellationToken),
                cancellationToken
            );
    }

    private TimeSpan UntilLook =>
        (untilDue < queue.PollInterval ? untilDue : queue.PollInterval)
        - time.GetElapsedTime(lookedAt);

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        // Those who waited for an entry were told to look in PostgreSQL; so are the other processes.
        while (hints.Reader.TryRead(out _)) { }
        ledger.Signal.Notify([queue.Name]);
        await circuit.CallAsync(
            async ct =>
            {
                await broker.PrepareAsync(entries, ct);
                return await broker.MeasureAsync(queue.Name, ct);
            },
            cancellationToken
        );
        circuit.Close();
        mustReconcile = true;
        ledger.Signal.Pulse(queue.Name);
    }

    /// <summary>Publishes what may run and has no entry.</summary>
    internal async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        mustReconcile = false;
        if (elsewhere.IsCompleted)
            elsewhere = ledger.Signal.Next(queue.Name);
        Volatile.Write(ref reconciledAt, time.GetTimestamp());
        await RescueAsync(cancellationToken);
        // What is hinted at and not published yet would be counted as lost.
        for (var left = 10 * MaxBatch; left > 0 && Read(MaxBatch) is { Count: > 0 } batch; )
        {
            left -= batch.Count;
            await PublishAsync(batch, cancellationToken);
        }
        await PublishMissingAsync(MaxReconciled, cancellationToken);
    }

    // A worker that died between an entry and its row: the row is published again if it is still to be done.
    private async Task RescueAsync(CancellationToken cancellationToken)
    {
        var left = await circuit.CallAsync(
            ct => broker.MaintainAsync(entries, name, MaxBatch, ct),
            cancellationToken
        );
        if (left.Count == 0)
            return;
        var marked = left.Where(BrokerEntry.IsMarked).ToList();
        await circuit.CallAsync(
            ct =>
                broker.SettleAsync(
                    [
                        .. left.Select(entry => new JobSettlement(
                            entry.Lease,
                            BrokerEntry.IsMarked(entry) ? JobOutcome.Done : JobOutcome.HandBack
                        )),
                    ],
                    ct
                ),
            cancellationToken
        );
        Hint(marked.Select(entry => entry.Lease), besides: []);
    }

    private async Task<List<JobHint>> TakeAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(wait > Shortest ? wait : Shortest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            limit.Token,
            cancellationToken
        );
        if (!hints.Reader.TryPeek(out _))
            await AnyNewsAsync(either);
        cancellationToken.ThrowIfCancellationRequested();
        return Read(MaxBatch);
    }

    private async Task AnyNewsAsync(CancellationTokenSource limit)
    {
        var hint = hints.Reader.WaitToReadAsync(limit.Token).AsTask();
        await Task.WhenAny(elsewhere.IsCompleted ? [hint] : [hint, elsewhere]);
        await limit.CancelAsync();
        await ((Task)hint).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private List<JobHint> Read(int atLeast)
    {
        var batch = new List<JobHint>();
        while (batch.Count < atLeast && hints.Reader.TryRead(out var commit))
            batch.AddRange(commit);
        return batch;
    }

    private async Task PublishAsync(List<JobHint> batch, CancellationToken cancellationToken)
    {
        // A hint can't tell whether there is a permit, and what was hinted at before may have one now.
        if (queue.IsRated)
        {
            await PublishMissingAsync(MaxBatch, cancellationToken);
            return;
        }
        if (UntilLook > TimeSpan.Zero && batch.TrueForAll(hint => hint.IsCertain))
        {
            await names.PublishAsync(
                [.. batch.Select(hint => (hint.TenantId, hint.JobId!.Value))],
                cancellationToken
            );
            return;
        }
        var looked = time.GetTimestamp();
        var found = await ledger.FindAvailableAsync(
            queue,
            batch,
            since,
            MaxBatch,
            cancellationToken
        );
        since = found.At;
        Looked(looked, found);
        await names.PublishAsync(found.Jobs, cancellationToken);
        // More than one page became due: the reconciler finds what it left.
        mustReconcile |= found.Jobs.Count >= MaxBatch;
    }

    private void Looked(long at, AvailableJobs found)
    {
        lookedAt = at;
        untilDue = found.NextDue is { } next ? next - found.At : TimeSpan.MaxValue;
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Jobs of {Queue} can't be published; they are looked for again"
        )]
        public static partial void Failed(ILogger logger, string queue, Exception exception);
    }
}
