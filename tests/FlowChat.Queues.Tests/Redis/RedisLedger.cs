using FlowChat.Queues.Tests.Ledger;
using FlowChat.Queues.Tests.Postgres;

namespace FlowChat.Queues.Tests.Redis;

internal static class RedisLedger
{
    public static async Task<LedgerStore> CreateAsync(
        PostgresFixture postgres,
        RedisQueueStore redis
    ) => new(await postgres.CreateStoreAsync(), redis.Open);
}
