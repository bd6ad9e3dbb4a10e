using FlowChat.Queues.Tests.Ledger;
using FlowChat.Queues.Tests.Postgres;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>On a server of their own, which they kill and wipe, behind a network that they cut.</summary>
public sealed class RedisLedgerFaultTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly RedisServer server = new(durable: true);
    private FaultProxy? network;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await server.StartAsync(Ct);
        network = FaultProxy.Start(server.Endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        if (network is not null)
            await network.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_ledger_loses_nothing_and_keeps_order_while_Redis_is_flushed_cut_killed_and_wiped()
    {
        await using var run = await FaultRun.StartAsync(await StoreAsync());
        await run.MoreAsync(500);
        await server.AskAsync("FLUSHALL", Ct);
        await run.MoreAsync(500);
        network!.Cut();
        await run.MoreAsync(500);
        network.Fault = NetworkFault.RepliesLost;
        await run.MoreAsync(500);
        network.Fault = NetworkFault.None;
        network.Cut();
        await run.MoreAsync(500);
        network.Fault = NetworkFault.Stalled;
        await run.MoreAsync(500);
        network.Fault = NetworkFault.None;
        await run.MoreAsync(500);
        await server.KillAsync(Ct);
        await run.MoreAsync(500);
        await server.StartAsync(Ct);
        await run.MoreAsync(500);
        await server.WipeAsync(Ct);
        await run.MoreAsync(500);

        await run.AssertCleanAsync();
    }

    [Fact]
    public async Task A_ledger_goes_on_through_an_outage_of_Redis_and_loses_nothing()
    {
        await using var run = await FaultRun.StartAsync(await StoreAsync());
        await run.MoreAsync(500);
        await server.KillAsync(Ct);
        await run.ThroughAsync(Outage.Length);
        await server.StartAsync(Ct);
        await run.MoreAsync(500);

        await run.AssertCleanAsync();
    }

    [Fact]
    public async Task A_ledger_begins_without_Redis_and_uses_it_once_it_is_there()
    {
        await server.KillAsync(Ct);
        await using var bed = await QueueBed.MakeAsync(await StoreAsync());
        var ledger = (Queues.Ledger.LedgerQueueBackend)bed.Backend;
        var first = await bed.AddAsync();
        Assert.Equal(first.Id, (await bed.ClaimOneAsync()).Lease.JobId);
        Assert.True(ledger.IsBrokerAway("work"));

        await server.StartAsync(Ct);

        await ledger.Of("work")!.Circuit.Closed.WaitAsync(QueueBed.Soon, Ct);
    }

    private Task<LedgerStore> StoreAsync() =>
        RedisLedger.AtAsync(postgres, $"redis://127.0.0.1:{network!.Port}");
}
