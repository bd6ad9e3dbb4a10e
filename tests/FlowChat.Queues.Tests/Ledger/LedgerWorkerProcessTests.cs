using FlowChat.Queues.Tests.Postgres;

namespace FlowChat.Queues.Tests.Ledger;

/// <summary>Two nodes and the workers publish to one broker, which dies and forgets while they are killed.</summary>
public abstract class LedgerWorkerProcessTests(PostgresFixture postgres) : WorkerProcessTests
{
    private PostgresQueueStore rows = null!;

    protected abstract string BrokerUrl { get; }

    protected override string[] Arguments => [rows.ConnectionString, BrokerUrl];

    protected abstract Task StartBrokerAsync();

    protected abstract IQueueBackend OpenBroker();

    protected override async Task<IQueueStore> CreateStoreAsync()
    {
        await StartBrokerAsync();
        rows = await postgres.CreateStoreAsync();
        await rows.CreateEffectsAsync();
        return new LedgerStore(rows, OpenBroker);
    }

    private protected override Task<List<Effect>> EffectsAsync() => rows.ReadEffectsAsync();
}
