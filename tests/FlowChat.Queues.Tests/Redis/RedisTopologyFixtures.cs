using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp.Cluster;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis;

public sealed class RedisClusterFixture : IAsyncLifetime
{
    private RedisClusterServers cluster = null!;
    private int stores;

    public async ValueTask InitializeAsync() =>
        cluster = await RedisClusterServers.StartAsync(CancellationToken.None);

    public RedisQueueStore CreateStore() =>
        new(cluster.Url, $"{{t{Interlocked.Increment(ref stores)}}}:");

    /// <summary>Its streams have slots of their own.</summary>
    public RedisQueueStore CreateSpreadStore(Action<RedisQueueOptions>? configure = null) =>
        new(
            cluster.Url,
            $"t{Interlocked.Increment(ref stores)}:",
            configure,
            nodes: KeyOfEachNode()
        );

    private List<string> KeyOfEachNode() =>
        [
            .. Enumerable
                .Range(0, 1000)
                .Select(n => $"key-{n}")
                .DistinctBy(key => cluster.NodeOf(ClusterSlot.Of(key))),
        ];

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}

public sealed class RedisSentinelFixture : IAsyncLifetime
{
    private RedisSentinels sentinels = null!;
    private int stores;

    public async ValueTask InitializeAsync() =>
        sentinels = await RedisSentinels.StartAsync(CancellationToken.None);

    public RedisQueueStore CreateStore() =>
        new(sentinels.Url, $"t{Interlocked.Increment(ref stores)}:");

    public ValueTask DisposeAsync() => sentinels.DisposeAsync();
}
