using System.Collections.Concurrent;

namespace FlowChat.Queues.Ledger;

/// <summary>Lets go of entries behind the workers' backs.</summary>
internal sealed class BrokerAcks(IQueueBackend broker, BrokerCircuit circuit)
{
    private readonly ConcurrentDictionary<Task, bool> underWay = new();

    /// <summary>An entry that stays comes again, and its row decides again.</summary>
    public void Begin(IReadOnlyList<JobSettlement> ends)
    {
        var call = SettleAsync(ends);
        if (call.IsCompleted)
            return;
        underWay[call] = true;
        _ = call.ContinueWith(
            ended => underWay.TryRemove(ended, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    /// <summary>Waits for what was begun: a name that the broker still has can't be published again.</summary>
    public Task DrainAsync() => underWay.IsEmpty ? Task.CompletedTask : Task.WhenAll(underWay.Keys);

    private async Task SettleAsync(IReadOnlyList<JobSettlement> ends)
    {
        try
        {
            await circuit.CallAsync(ct => broker.SettleAsync(ends, ct), CancellationToken.None);
        }
        catch (QueueUnavailableException) { }
    }
}
