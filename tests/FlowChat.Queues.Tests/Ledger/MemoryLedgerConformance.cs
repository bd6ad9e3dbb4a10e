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
        return new EntryStore(new LedgerStore(rows, () => new MemoryBroker(server)));
    }
}
