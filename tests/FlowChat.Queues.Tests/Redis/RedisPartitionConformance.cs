using FlowChat.Queues.Tests.Postgres;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>The same promises in three partitions; limits in one.</summary>
public sealed class RedisPartitionConformance(RedisFixture redis)
    : RedisConformance,
        IClassFixture<RedisFixture>
{
    protected override int Partitions => 3;

    protected override Task<IQueueStore> CreateStoreAsync() =>
        Task.FromResult<IQueueStore>(redis.CreateDividedStore());
}

/// <summary>The same over three nodes.</summary>
public sealed class RedisClusterPartitionConformance(RedisClusterFixture redis)
    : RedisConformance,
        IClassFixture<RedisClusterFixture>
{
    protected override int Partitions => 3;

    protected override Task<IQueueStore> CreateStoreAsync() =>
        Task.FromResult<IQueueStore>(redis.CreateSpreadStore());
}

/// <summary>Every promise, limits included, where partitions carry the jobs of rows.</summary>
public sealed class RedisLedgerPartitionConformance(PostgresFixture postgres, RedisFixture redis)
    : QueueConformance,
        IClassFixture<RedisFixture>
{
    protected override int Partitions => 3;

    protected override bool IsWhole => true;

    protected override async Task<IQueueStore> CreateStoreAsync() =>
        await RedisLedger.CreateAsync(postgres, redis.CreateDividedStore());
}
