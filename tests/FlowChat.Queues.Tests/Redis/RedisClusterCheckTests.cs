using FlowChat.Queues.Redis.Resp.Cluster;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>What a check tells of a cluster is about the node that has the queue, not about the first.</summary>
public sealed class RedisClusterCheckTests : IAsyncLifetime
{
    private RedisClusterServers cluster = null!;
    private RedisServer node = null!;
    private RedisQueueStore store = null!;
    private QueueBed bed = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        cluster = await RedisClusterServers.StartAsync(Ct);
        var prefix = Enumerable
            .Range(0, 1000)
            .Select(n => $"t{n}:")
            .First(some => cluster.NodeOf(ClusterSlot.Of($"{some}work")) == cluster.Nodes[2]);
        node = cluster.Nodes[2];
        store = new RedisQueueStore(cluster.Url, prefix);
        bed = await QueueBed.MakeAsync(store);
    }

    public async ValueTask DisposeAsync()
    {
        await bed.DisposeAsync();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task An_eviction_policy_is_told_of_where_the_queue_is()
    {
        var check = (IBrokerCheck)bed.Backend;
        Assert.Empty(await check.FindFaultsAsync(Ct));

        await node.AskAsync("CONFIG SET maxmemory-policy allkeys-lru", Ct);

        Assert.Contains("allkeys-lru", Assert.Single(await check.FindFaultsAsync(Ct)));
        Assert.Contains("allkeys-lru", Assert.Single((await bed.MeasureAsync()).Warnings));
    }

    [Fact]
    public async Task A_probe_is_answered_by_the_node_that_has_the_queue()
    {
        var check = (IBrokerCheck)bed.Backend;
        await check.PingAsync(Ct);

        await node.KillAsync(Ct);

        await Assert.ThrowsAsync<QueueUnavailableException>(() => check.PingAsync(Ct).AsTask());
    }
}
