using FlowChat.Queues.Tests.Ledger;
using FlowChat.Queues.Tests.Postgres;

namespace FlowChat.Queues.Tests.Redis;

public sealed class RedisLedgerConformance(PostgresFixture postgres, RedisFixture redis)
    : QueueConformance,
        IClassFixture<RedisFixture>
{
    protected override async Task<IQueueStore> CreateStoreAsync() =>
        await RedisLedger.CreateAsync(postgres, redis.CreateStore());
}

/// <summary>The same promises when every claim goes through entries.</summary>
public sealed class RedisLedgerEntryConformance(PostgresFixture postgres, RedisFixture redis)
    : QueueConformance,
        IClassFixture<RedisFixture>
{
    protected override async Task<IQueueStore> CreateStoreAsync() =>
        new EntryStore(await RedisLedger.CreateAsync(postgres, redis.CreateStore()));
}
