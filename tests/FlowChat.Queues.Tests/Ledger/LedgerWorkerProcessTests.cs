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

    /// <summary>Whether the broker has given out names since it last forgot everything.</summary>
    protected abstract Task<bool> HasCarriedAsync();

    protected override async Task CarriedAsync()
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        soon.CancelAfter(3 * QueueBed.Soon);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await HasCarriedAsync())
            await timer.WaitForNextTickAsync(soon.Token);
    }

    protected override async Task<IQueueStore> CreateStoreAsync()
    {
        await StartBrokerAsync();
        rows = await postgres.CreateStoreAsync();
        await rows.CreateEffectsAsync();
        return new LedgerStore(rows, OpenBroker);
    }

    private protected override Task<List<Effect>> EffectsAsync() => rows.ReadEffectsAsync();
}
