using FlowChat.Queues;
using FlowChat.Queues.Ledger;

namespace FlowChat.Operations.Work;

/// <summary>Dead entries of Redis that never had a row: an older producer's, say. They can be looked at and discarded.</summary>
internal sealed class Strangers(IQueueBackend backend, QueueRegistry queues)
{
    private const int Most = 1_000;

    private readonly LedgerQueueBackend? _ledger = backend as LedgerQueueBackend;

    /// <summary>Newest death first, at most 1,000 of a queue.</summary>
    public async Task<List<DeadJob>> FindAsync(CancellationToken cancellationToken)
    {
        var found = new List<DeadJob>();
        foreach (var queue in Carried)
        {
            var all = new DeadJobFilter { Queue = queue.Name };
            found.AddRange(
                await _ledger!.FindStrangersAsync(queue, all, null, Most, cancellationToken)
            );
        }
        return found;
    }

    public Task<long> CountAsync(string queue, CancellationToken cancellationToken) =>
        _ledger?.CountStrangersAsync(queues[queue], cancellationToken) ?? Task.FromResult(0L);

    /// <returns>How many are gone.</returns>
    public async Task<int> DiscardAsync(CancellationToken cancellationToken)
    {
        var gone = 0;
        foreach (var queue in Carried)
        {
            var all = new DeadJobFilter { Queue = queue.Name };
            gone += await _ledger!.DiscardStrangersAsync(
                queue,
                all,
                dryRun: false,
                cancellationToken
            );
        }
        return gone;
    }

    private IReadOnlyList<QueueOptions> Carried => _ledger is null ? [] : queues.All;
}
