using FlowChat.Queues.Ledger;
using FlowChat.Queues.Tests.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Tests.Ledger;

/// <summary>Rows in PostgreSQL and a broker for each process.</summary>
public sealed class LedgerStore(PostgresQueueStore rows, Func<IQueueBackend> newBroker)
    : IQueueStore
{
    private readonly List<LedgerQueueBackend> backends = [];

    public PostgresQueueStore Rows => rows;

    public IQueueBackend Open() => OpenLedger().Backend;

    public (LedgerQueueBackend Backend, IQueueBackend Broker) OpenLedger()
    {
        var broker = newBroker();
        var backend = new LedgerQueueBackend(
            rows.OpenPostgres(),
            [new LedgerBroker(broker, _ => true)],
            TimeProvider.System,
            NullLogger<LedgerQueueBackend>.Instance
        );
        backends.Add(backend);
        return (backend, broker);
    }

    public Task AdvanceAsync(TimeSpan time, string? queue = null) => rows.AdvanceAsync(time, queue);

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in backends)
            await backend.DisposeAsync();
        await rows.DisposeAsync();
    }
}
