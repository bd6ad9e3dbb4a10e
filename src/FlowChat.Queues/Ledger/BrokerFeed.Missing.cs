using FlowChat.Queues.Redis;

namespace FlowChat.Queues.Ledger;

internal sealed partial class BrokerFeed
{
    // Only names are unique in a broker that knows them; in one that doesn't, counting keeps copies few.
    private bool KnowsNames => broker is RedisQueueBackend;

    /// <summary>How many of the oldest a look for those without an entry takes in.</summary>
    internal int MaxReconciled { get; set; } = 20_000;

    // What may run and has no entry. Of a rated queue that is no more than there are permits.
    private async Task PublishMissingAsync(int most, CancellationToken cancellationToken)
    {
        var looked = time.GetTimestamp();
        var found = await ledger.FindAvailableAsync(queue, most, cancellationToken);
        if (queue.IsRated)
            Looked(looked, found);
        var jobs = found.Jobs;
        if (jobs.Count == 0)
            return;
        var figures = await circuit.CallAsync(
            ct => broker.MeasureAsync(queue.Name, ct),
            cancellationToken
        );
        var held = figures.Waiting + figures.Active + figures.Delayed;
        // There are more: entries of younger jobs hide in the count that some of these have none.
        var isHidden = jobs.Count >= MaxReconciled;
        var missing =
            isHidden && !KnowsNames
                ? await CountAvailableAsync(held, cancellationToken) - held
                : jobs.Count - held;
        // Where a name can't be there twice, the oldest are offered until all of a page are there.
        isHidden &= KnowsNames;
        var isFull = false;
        for (var at = 0; (missing > 0 || isHidden) && at < jobs.Count && !isFull; )
        {
            var size = isHidden ? MaxBatch : (int)Math.Min(missing, MaxBatch);
            var page = jobs.Skip(at).Take(size).ToList();
            var brought = await names.PublishAsync(page, cancellationToken);
            missing -= brought;
            at += page.Count;
            isFull = names.IsFull;
            isHidden &= brought > 0;
            // Where there is a rate all come this way; what finds no room was never there.
            if (!queue.IsRated && !isFull)
                Interlocked.Add(ref reconciled, brought);
        }
    }

    // No further than a batch beyond what has entries.
    private Task<long> CountAvailableAsync(long held, CancellationToken cancellationToken) =>
        ledger.CountAvailableAsync(
            queue,
            (int)Math.Min(int.MaxValue, held + MaxBatch),
            cancellationToken
        );
}
