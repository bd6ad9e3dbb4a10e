namespace FlowChat.Queues.Tests.Ledger;

/// <summary>A ledger whose looks are answered by entries.</summary>
internal sealed class EntryStore(LedgerStore ledger) : IQueueStore
{
    public IQueueBackend Open()
    {
        var (backend, broker) = ledger.OpenLedger();
        return new LookingThroughBroker(backend, broker);
    }

    public Task AdvanceAsync(TimeSpan time, string? queue = null) =>
        ledger.AdvanceAsync(time, queue);

    public ValueTask DisposeAsync() => ledger.DisposeAsync();
}
