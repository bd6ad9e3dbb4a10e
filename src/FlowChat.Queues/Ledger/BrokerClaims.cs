using System.Collections.Concurrent;
using FlowChat.Queues.Postgres;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Ledger;

/// <summary>
/// Turns a broker's entries into claims of the ledger's rows. An entry has done its service once the row is claimed or
/// can't be: whatever makes the row available again publishes it anew.
/// </summary>
internal sealed partial class BrokerClaims(
    PostgresQueueBackend ledger,
    IQueueBackend broker,
    QueueOptions queue,
    BrokerCircuit circuit,
    BrokerFeed feed,
    BrokerAcks acks,
    TimeProvider time,
    ILogger logger
)
{
    private const string NeverHad = "The ledger never had this job.";

    // What a waiting call may take beyond its wait.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private readonly QueueOptions entries = BrokerEntry.Options(queue);

    // A call that didn't end in time is still its worker's: the next look waits for the same one.
    private readonly ConcurrentDictionary<string, Task<IReadOnlyList<ClaimedJob>>> waiting = new(
        StringComparer.Ordinal
    );

    private long brought;

    /// <summary>How many jobs this process has claimed by their entries.</summary>
    public long Brought => Interlocked.Read(ref brought);

    /// <summary>
    /// Waits for entries and claims what they name. Without any, what PostgreSQL has: a job whose entry is lost waits no
    /// longer than a poll.
    /// </summary>
    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(
        string worker,
        int max,
        CancellationToken cancellationToken
    )
    {
        while (await TakeAsync(worker, max, cancellationToken) is { Count: > 0 } taken)
            if (await ClaimAsync(worker, taken) is { Count: > 0 } jobs)
                return jobs;
        if (cancellationToken.IsCancellationRequested)
            return [];
        var found = await ledger.ClaimNowAsync(queue, worker, max);
        if (found.Count > 0)
            feed.Miss();
        return found;
    }

    /// <summary>Claims what the entries name, and lets go of them.</summary>
    internal async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(
        string worker,
        IReadOnlyList<ClaimedJob> taken
    )
    {
        List<ClaimedJob> jobs;
        HashSet<(Guid, Guid)> strangers;
        try
        {
            // Before the claim: a row that is claimed must come to its worker, whatever fails.
            strangers = await StrangersAsync(taken);
            jobs = await ledger.ClaimNamedAsync(queue, worker, [.. taken.Select(e => e.Lease)]);
        }
        catch
        {
            acks.Begin([.. taken.Select(e => new JobSettlement(e.Lease, JobOutcome.HandBack))]);
            throw;
        }
        Interlocked.Add(ref brought, jobs.Count);
        acks.Begin([.. taken.Select(entry => End(entry.Lease, strangers))]);
        feed.Hint(taken.Select(entry => entry.Lease), besides: jobs);
        return jobs;
    }

    private async Task<IReadOnlyList<ClaimedJob>> TakeAsync(
        string worker,
        int max,
        CancellationToken cancellationToken
    )
    {
        var call = waiting.GetOrAdd(
            worker,
            _ => broker.ClaimAsync(entries, worker, max, cancellationToken).AsTask()
        );
        try
        {
            await Task.WhenAny(call, circuit.Opened)
                .WaitAsync(queue.PollInterval + Margin, time, CancellationToken.None);
            if (!call.IsCompleted)
                return [];
            waiting.TryRemove(worker, out _);
            return await call;
        }
        catch (Exception e)
        {
            circuit.Open(e);
            return [];
        }
    }

    private async Task<HashSet<(Guid, Guid)>> StrangersAsync(IReadOnlyList<ClaimedJob> taken)
    {
        var unmarked = taken.Where(entry => !BrokerEntry.IsMarked(entry)).ToList();
        if (unmarked.Count == 0)
            return [];
        var left = unmarked.Select(entry => entry.Lease).ToList();
        var known = await ledger.FindKnownAsync(left, CancellationToken.None);
        var strangers = left.Select(lease => (lease.TenantId, lease.JobId)).ToHashSet();
        strangers.ExceptWith(known);
        foreach (var (_, id) in strangers)
            Log.Stranger(logger, id, queue.Name);
        return strangers;
    }

    private static JobSettlement End(JobLease lease, HashSet<(Guid, Guid)> strangers) =>
        new(
            lease,
            strangers.Contains((lease.TenantId, lease.JobId))
                ? JobOutcome.Dead(NeverHad)
                : JobOutcome.Done
        );

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "The broker of {Queue} has an entry {JobId} that the ledger never had; it goes to the broker's dead letters"
        )]
        public static partial void Stranger(ILogger logger, Guid jobId, string queue);
    }
}
