using FlowChat.Queues.Tests.Postgres;

namespace FlowChat.Queues.Tests.Ledger;

public sealed class MemoryLedgerConformance(PostgresFixture postgres) : QueueConformance
{
    protected override async Task<IQueueStore> CreateStoreAsync()
    {
        var server = new MemoryBrokerServer();
        return new LedgerStore(await postgres.CreateStoreAsync(), () => new MemoryBroker(server));
    }
}

/// <summary>The same promises when every claim goes through entries.</summary>
public sealed class MemoryLedgerEntryConformance(PostgresFixture postgres) : QueueConformance
{
    protected override async Task<IQueueStore> CreateStoreAsync()
    {
        var server = new MemoryBrokerServer();
        var rows = await postgres.CreateStoreAsync();
        return new Store(new LedgerStore(rows, () => new MemoryBroker(server)));
    }

    private sealed class Store(LedgerStore ledger) : IQueueStore
    {
        public IQueueBackend Open()
        {
            var (backend, broker) = ledger.OpenLedger();
            return new LookingThroughBroker(backend, broker);
        }

        public Task AdvanceAsync(TimeSpan time) => ledger.AdvanceAsync(time);

        public ValueTask DisposeAsync() => ledger.DisposeAsync();
    }
}
