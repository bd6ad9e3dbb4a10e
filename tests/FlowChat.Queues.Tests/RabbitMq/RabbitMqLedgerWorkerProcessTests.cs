using System.Globalization;
using FlowChat.Queues.RabbitMq;
using FlowChat.Queues.Tests.Ledger;
using FlowChat.Queues.Tests.Postgres;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.RabbitMq;

/// <summary>On a server of their own, which is killed, and comes back empty.</summary>
public sealed class RabbitMqLedgerWorkerProcessTests(PostgresFixture postgres)
    : LedgerWorkerProcessTests(postgres)
{
    private readonly RabbitMqServer server = new();

    protected override string BrokerUrl => server.Url;

    protected override Task StartBrokerAsync()
    {
        Assert.SkipUnless(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        return server.StartAsync(Ct);
    }

    protected override IQueueBackend OpenBroker() =>
        new RabbitMqQueueBackend(RabbitMqUrl.Parse(server.Url), TimeProvider.System);

    protected override async Task<bool> HasCarriedAsync()
    {
        const string Counted =
            "lists:sum([maps:get(messages_acknowledged_total, C, 0) || C <- maps:values(rabbit_global_counters:overview())]).";
        var answer = await server.ControlAsync(Ct, "eval", Counted);
        return long.Parse(answer[^1], CultureInfo.InvariantCulture) > 0;
    }

    protected override async Task HarmAsync(int kill)
    {
        if (kill is 1 or 4)
            await server.KillAsync(Ct);
        if (kill is 4)
            server.Wipe();
        if (kill is 2 or 4)
            await server.StartAsync(Ct);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await server.DisposeAsync();
    }
}
