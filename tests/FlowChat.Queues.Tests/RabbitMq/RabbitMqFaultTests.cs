using FlowChat.Queues.RabbitMq;
using FlowChat.Queues.Tests.Ledger;
using FlowChat.Queues.Tests.Postgres;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.RabbitMq;

/// <summary>On a server of their own, which they kill, behind a network that they cut.</summary>
public sealed class RabbitMqFaultTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly RabbitMqServer server = new();
    private FaultProxy? network;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        await server.StartAsync(Ct);
        network = FaultProxy.StartFor(new Uri($"tcp://127.0.0.1:{server.Port}"));
    }

    public async ValueTask DisposeAsync()
    {
        if (network is not null)
            await network.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_ledger_loses_nothing_and_keeps_order_while_RabbitMQ_is_cut_killed_and_wiped()
    {
        await using var run = await FaultRun.StartAsync(await StoreAsync());
        await run.MoreAsync(500);
        network!.Cut();
        await run.MoreAsync(500);
        network!.Fault = NetworkFault.Stalled;
        await run.MoreAsync(500);
        network!.Fault = NetworkFault.None;
        await run.MoreAsync(500);
        await server.KillAsync(Ct);
        await run.MoreAsync(500);
        await server.StartAsync(Ct);
        await run.MoreAsync(500);
        await server.KillAsync(Ct);
        server.Wipe();
        await server.StartAsync(Ct);
        await run.MoreAsync(500);

        await run.AssertCleanAsync();
    }

    [Fact]
    public async Task A_ledger_loses_nothing_while_replies_are_lost_queues_deleted_and_RabbitMQ_has_no_room()
    {
        await using var run = await FaultRun.StartAsync(await StoreAsync());
        await run.MoreAsync(500);
        network!.Fault = NetworkFault.RepliesLost;
        await run.MoreAsync(500);
        network!.Fault = NetworkFault.None;
        network!.Cut();
        await run.MoreAsync(500);
        await server.ControlAsync(Ct, "delete_queue", "work");
        await run.MoreAsync(500);
        await server.ControlAsync(Ct, "set_vm_memory_high_watermark", "absolute", "1MB");
        await run.MoreAsync(500);
        await server.ControlAsync(Ct, "set_vm_memory_high_watermark", "0.4");
        await run.MoreAsync(500);

        await run.AssertCleanAsync();
    }

    [Fact]
    public async Task A_ledger_goes_on_through_an_outage_of_RabbitMQ_and_loses_nothing()
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
    public async Task A_ledger_begins_without_RabbitMQ_and_uses_it_once_it_is_there()
    {
        await server.KillAsync(Ct);
        var store = await StoreAsync();
        await using var bed = await QueueBed.MakeAsync(store);
        var ledger = (Queues.Ledger.LedgerQueueBackend)bed.Backend;
        var runs = System.Threading.Channels.Channel.CreateUnbounded<Guid>();
        await bed.StartWorkerAsync(
            (_, context, _) =>
            {
                runs.Writer.TryWrite(context.JobId);
                return ValueTask.FromResult(JobOutcome.Done);
            }
        );
        var first = await bed.AddAsync();
        Assert.Equal(first.Id, await NextAsync());
        Assert.True(ledger.IsBrokerAway("work"));

        await server.StartAsync(Ct);
        await ledger.Of("work")!.Circuit.Closed.WaitAsync(QueueBed.Soon, Ct);

        var second = await bed.AddAsync();
        Assert.Equal(second.Id, await NextAsync());

        Task<Guid> NextAsync() => runs.Reader.ReadAsync(Ct).AsTask().WaitAsync(QueueBed.Soon, Ct);
    }

    private async Task<LedgerStore> StoreAsync() =>
        new(
            await postgres.CreateStoreAsync(),
            () =>
                new RabbitMqQueueBackend(
                    RabbitMqUrl.Parse(RabbitMqServer.UrlAt(network!.Port)),
                    TimeProvider.System
                )
        );
}
