namespace FlowChat.Queues.Tests.Redis;

/// <summary>The same promises with an append-only file.</summary>
public sealed class DurableRedisConformance(DurableRedisFixture redis)
    : RedisConformance,
        IClassFixture<DurableRedisFixture>
{
    protected override Task<IQueueStore> CreateStoreAsync() =>
        Task.FromResult<IQueueStore>(redis.CreateStore());
}

/// <summary>The same promises in RESP2.</summary>
public sealed class OldRedisConformance(OldRedisFixture redis)
    : RedisConformance,
        IClassFixture<OldRedisFixture>
{
    protected override Task<IQueueStore> CreateStoreAsync() =>
        Task.FromResult<IQueueStore>(redis.CreateStore());
}

/// <summary>The same promises on three nodes: all keys of a store in one slot, for the clock of its tests.</summary>
public sealed class RedisClusterConformance(RedisClusterFixture redis)
    : RedisConformance,
        IClassFixture<RedisClusterFixture>
{
    protected override Task<IQueueStore> CreateStoreAsync() =>
        Task.FromResult<IQueueStore>(redis.CreateStore());
}

/// <summary>The same promises on the master that a sentinel names.</summary>
public sealed class RedisSentinelConformance(RedisSentinelFixture redis)
    : RedisConformance,
        IClassFixture<RedisSentinelFixture>
{
    protected override Task<IQueueStore> CreateStoreAsync() =>
        Task.FromResult<IQueueStore>(redis.CreateStore());
}
