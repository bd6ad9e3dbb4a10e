using FlowChat.Queues.Tests.Ledger;
using FlowChat.Queues.Tests.Postgres;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>On a server of their own, which is flushed, killed, and comes back empty.</summary>
public sealed class RedisLedgerWorkerProcessTests(PostgresFixture postgres)
    : LedgerWorkerProcessTests(postgres)
{
    private readonly RedisServer server = new(durable: true);

    protected override string BrokerUrl => server.Url;

    protected override Task StartBrokerAsync() => server.StartAsync(Ct);

    protected override IQueueBackend OpenBroker() => RedisLedger.Open(server.Url);

    protected override async Task<bool> HasCarriedAsync()
    {
        const string Script =
            "local g=redis.pcall('XINFO','GROUPS',KEYS[1])[1] return g and g[8] or '0-0'";
        return await server.AskAsync($"EVAL \"{Script}\" 1 chat:stream:work", Ct) != "0-0";
    }

    protected override Task HarmAsync(int kill) =>
        kill switch
        {
            1 or 6 => server.AskAsync("FLUSHALL", Ct),
            2 => server.KillAsync(Ct),
            3 => server.StartAsync(Ct),
            5 => server.WipeAsync(Ct),
            _ => Task.CompletedTask,
        };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await server.DisposeAsync();
    }
}
