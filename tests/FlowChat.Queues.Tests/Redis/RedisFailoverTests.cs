using FlowChat.Queues.Tests.Ledger;
using FlowChat.Queues.Tests.Postgres;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>Under load a master dies, and its replica takes its place.</summary>
public sealed class RedisFailoverTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ledger_loses_nothing_and_keeps_order_while_a_replica_takes_over()
    {
        await using var servers = await RedisSentinels.StartAsync(Ct);
        var store = await RedisLedger.AtAsync(postgres, servers.Url);
        await using var run = await FaultRun.StartAsync(store);
        await run.MoreAsync(500);
        await StreamWatch.UntilReadAsync(servers.Master);

        await servers.Master.KillAsync(Ct);
        await run.MoreAsync(500);
        await UntilMasterAsync(servers.Replica);
        // What the old one had may have come along: only what is read now shows that it is used.
        await servers.Replica.AskAsync("FLUSHALL", Ct);
        await StreamWatch.UntilReadAsync(servers.Replica);
        await run.MoreAsync(500);

        await run.AssertCleanAsync();
    }

    private static Task UntilMasterAsync(RedisServer server) =>
        StreamWatch.UntilAsync(async () =>
        {
            try
            {
                return await server.AskAsync("SET probe 1", Ct) == "OK";
            }
            catch (InvalidOperationException)
            {
                // A replica is read only.
                return false;
            }
        });
}
