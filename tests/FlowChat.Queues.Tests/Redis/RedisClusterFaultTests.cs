using System.Globalization;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Queues.Tests.Ledger;
using FlowChat.Queues.Tests.Postgres;
using FlowChat.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>Under load the node that has the queue dies and comes back, and the queue moves to another.</summary>
public sealed class RedisClusterFaultTests(PostgresFixture postgres) : IAsyncLifetime
{
    private RedisClusterServers cluster = null!;
    private RedisServer node = null!;
    private int slot;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        cluster = await RedisClusterServers.StartAsync(Ct, durable: true);
        var text = await cluster.Nodes[0].AskAsync("CLUSTER KEYSLOT chat:stream:work", Ct);
        slot = int.Parse(text, CultureInfo.InvariantCulture);
        node = cluster.NodeOf(slot);
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task A_ledger_loses_nothing_and_keeps_order_while_the_queues_node_dies_and_is_wiped()
    {
        await using var run = await FaultRun.StartAsync(await StoreAsync());
        await run.MoreAsync(500);
        await StreamWatch.UntilReadAsync(node);

        await node.KillAsync(Ct);
        await run.MoreAsync(500);
        await node.StartAsync(Ct);
        await StreamWatch.UntilReadAsync(node);
        await run.MoreAsync(500);
        await node.WipeAsync(Ct);
        await StreamWatch.UntilReadAsync(node);
        await run.MoreAsync(500);

        await run.AssertCleanAsync();
    }

    [Fact]
    public async Task A_ledger_loses_nothing_and_keeps_order_while_the_queue_moves_to_another_node()
    {
        var target = cluster.Nodes.First(other => other != node);
        await using var run = await FaultRun.StartAsync(await StoreAsync());
        await run.MoreAsync(500);
        await StreamWatch.UntilReadAsync(node);

        await RedisClusterServers.BeginMoveAsync(slot, node, target, Ct);
        await run.MoreAsync(200);
        await MoveKeysAsync(target);
        await RedisClusterServers.EndMoveAsync(slot, node, target, Ct);
        await StreamWatch.UntilReadAsync(target);
        await run.MoreAsync(500);

        await run.AssertCleanAsync();
    }

    private async Task MoveKeysAsync(RedisServer target)
    {
        await using var source = new RedisClient(
            RedisOptions.Parse(node.Url),
            TimeProvider.System,
            NullLogger<RedisClient>.Instance
        );
        while (await KeysAsync(source) is { Count: > 0 } keys)
        {
            foreach (var key in keys)
            {
                var port = target.Port.ToString(CultureInfo.InvariantCulture);
                await source.SendAsync(
                    new RedisCommand("MIGRATE", "127.0.0.1", port, key, "0", "5000"),
                    Ct
                );
            }
        }
    }

    private async Task<IReadOnlyList<string>> KeysAsync(RedisClient source)
    {
        var number = slot.ToString(CultureInfo.InvariantCulture);
        var reply = await source.SendAsync(
            new RedisCommand("CLUSTER", "GETKEYSINSLOT", number, "100"),
            Ct
        );
        return [.. reply.Items.ToArray().Select(key => key.Text)];
    }

    private Task<LedgerStore> StoreAsync() => RedisLedger.AtAsync(postgres, cluster.Url);
}
