using FlowChat.Queues.Tests.Postgres;

namespace FlowChat.Queues.Tests.Ledger;

public sealed class LedgerFaultTests(PostgresFixture postgres)
{
    private readonly MemoryBrokerServer server = new();

    [Fact]
    public async Task A_broker_that_forgets_fails_and_hangs_under_load_loses_nothing_and_doubles_nothing()
    {
        var store = new LedgerStore(
            await postgres.CreateStoreAsync(),
            () => new MemoryBroker(server)
        );
        await using var run = await FaultRun.StartAsync(store);
        for (var round = 0; round < 3; round++)
        {
            await run.MoreAsync(300);
            server.Wipe();
            await run.MoreAsync(300);
            server.Away = true;
            await run.MoreAsync(300);
            server.Wipe();
            server.Away = false;
            await run.MoreAsync(300);
            server.Silent = true;
            await run.MoreAsync(300);
            server.Silent = false;
        }
        await run.AssertCleanAsync();
    }
}
