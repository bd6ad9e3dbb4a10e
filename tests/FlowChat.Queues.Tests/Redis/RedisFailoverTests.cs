using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Queues.Tests.Ledger;
using FlowChat.Queues.Tests.Postgres;
using FlowChat.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>Under load a master dies, and its replica takes its place.</summary>
public sealed class RedisFailoverTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ledger_loses_nothing_and_keeps_order_while_a_replica_takes_over()
    {
        await using var servers = await RedisSentinels.StartAsync(Ct);
        var store = new LedgerStore(
            await postgres.CreateStoreAsync(),
            () =>
                new RedisQueueBackend(
                    RedisOptions.Parse(servers.Url),
                    new RedisQueueOptions(),
                    TimeProvider.System,
                    NullLoggerFactory.Instance
                )
        );
        await using var run = await FaultRun.StartAsync(store);
        await run.MoreAsync(500);
        await UntilCarriedAsync(servers.Master);

        await servers.Master.KillAsync(Ct);
        await run.MoreAsync(500);
        await UntilMasterAsync(servers.Replica);
        // What the old one had may have come along: only what is read now shows that it is used.
        await servers.Replica.AskAsync("FLUSHALL", Ct);
        await UntilCarriedAsync(servers.Replica);
        await run.MoreAsync(500);

        await run.AssertCleanAsync();
    }

    private static Task UntilMasterAsync(RedisServer server) =>
        UntilAsync(async () =>
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

    private static Task UntilCarriedAsync(RedisServer server) =>
        UntilAsync(async () =>
        {
            const string Script =
                "local g=redis.pcall('XINFO','GROUPS',KEYS[1])[1] return g and g[8] or '0-0'";
            return await server.AskAsync($"EVAL \"{Script}\" 1 chat:stream:work", Ct) != "0-0";
        });

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        soon.CancelAfter(3 * QueueBed.Soon);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await isSo())
            await timer.WaitForNextTickAsync(soon.Token);
    }
}
