namespace FlowChat.Queues.Ledger;

public sealed partial class LedgerQueueBackend
{
    /// <summary>How many jobs of a queue this process has claimed by entries of its broker; 0 where it has none.</summary>
    public long CountBrought(string queue) => Of(queue)?.Claims.Brought ?? 0;

    /// <summary>
    /// How many jobs of a queue had no entry in its broker, which had lost them or was away, and were brought to it by this
    /// process; 0 where it has none.
    /// </summary>
    public long CountRestored(string queue) => Of(queue)?.Feed.Restored ?? 0;

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
}
