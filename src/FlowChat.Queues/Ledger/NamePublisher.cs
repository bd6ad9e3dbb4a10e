namespace FlowChat.Queues.Ledger;

/// <summary>Brings names of jobs to a queue's broker, as many as it has room for.</summary>
internal sealed class NamePublisher(
    IQueueBackend broker,
    string queue,
    BrokerCircuit circuit,
    BrokerAcks acks
)
{
    public const int MaxBatch = 1000;

    // A call that doesn't fit adds nothing: the next has half of it, and twice as many after one that fits.
    private int fits = MaxBatch;

    /// <summary>Whether the last names found no room.</summary>
    public bool IsFull { get; private set; }

    /// <returns>
    /// How many are the broker's now, with those that don't fit: the ledger keeps these, and the reconciler brings them
    /// when there is room.
    /// </returns>
    public async Task<int> PublishAsync(
        IReadOnlyList<(Guid TenantId, Guid Id)> jobs,
        CancellationToken cancellationToken
    )
    {
        if (jobs.Count == 0)
            return 0;
        await acks.DrainAsync();
        var (added, at) = (0, 0);
        IsFull = false;
        while (at < jobs.Count && !IsFull)
        {
            var page = jobs.Skip(at).Take(fits).ToList();
            if (await TryAddAsync(page, cancellationToken) is { } some)
            {
                (added, at) = (added + some, at + page.Count);
                fits = Math.Min(MaxBatch, 2 * fits);
            }
            else
                (IsFull, fits) = (page.Count == 1, Math.Max(1, page.Count / 2));
        }
        return added + jobs.Count - at;
    }

    private async Task<int?> TryAddAsync(
        List<(Guid TenantId, Guid Id)> page,
        CancellationToken cancellationToken
    )
    {
        var names = page.Select(job => BrokerEntry.Of(queue, job.TenantId, job.Id)).ToList();
        try
        {
            return await circuit.CallAsync(ct => broker.EnqueueAsync(names, ct), cancellationToken);
        }
        catch (QueueFullException)
        {
            return null;
        }
    }
}
