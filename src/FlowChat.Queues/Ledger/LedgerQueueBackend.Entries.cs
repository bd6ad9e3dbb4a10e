using System.Diagnostics.Metrics;

namespace FlowChat.Queues.Ledger;

public sealed partial class LedgerQueueBackend
{
    /// <summary>How many jobs of a queue this process has claimed by entries of its broker; 0 where it has none.</summary>
    public long CountBrought(string queue) => Of(queue)?.Claims.Brought ?? 0;

    /// <summary>How many entries a queue's broker holds, waiting or in a worker's hands; null where it has none, or it is away.</summary>
    public async ValueTask<long?> CountEntriesAsync(
        string queue,
        CancellationToken cancellationToken
    )
    {
        if (Of(queue) is not { Circuit.IsOpen: false } mine)
            return null;
        try
        {
            var figures = await mine.Circuit.CallAsync(
                ct => CarrierOf(queue)!.Backend.MeasureAsync(queue, ct),
                cancellationToken
            );
            return figures.Waiting + figures.Active + figures.Delayed;
        }
        catch (QueueUnavailableException)
        {
            return null;
        }
    }

    private void CountReconciled() =>
        meter.CreateObservableCounter(
            "flowchat.queues.reconciled_jobs",
            () =>
                carried.Select(pair => new Measurement<long>(
                    pair.Value.Feed.Reconciled,
                    new KeyValuePair<string, object?>("messaging.destination.name", pair.Key)
                )),
            "{job}",
            "Jobs without an entry in their queue's broker that a look for such brought to it."
        );
}
