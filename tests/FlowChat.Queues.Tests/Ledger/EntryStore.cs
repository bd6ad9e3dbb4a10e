namespace FlowChat.Queues.Tests.Ledger;

/// <summary>A ledger whose looks are answered by entries.</summary>
internal sealed class EntryStore(LedgerStore ledger) : IQueueStore
{
    public IQueueBackend Open()
    {
        var (backend, broker) = ledger.OpenLedger();
        return new LookingThroughBroker(backend, broker);
    }

    public Task AdvanceAsync(TimeSpan time) => ledger.AdvanceAsync(time);

    public ValueTask DisposeAsync() => ledger.DisposeAsync();
}
