using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Queues.Tests.Ledger;
using FlowChat.Queues.Tests.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Tests.Redis;

internal static class RedisLedger
{
    public static async Task<LedgerStore> CreateAsync(
        PostgresFixture postgres,
        RedisQueueStore redis
    ) => new(await postgres.CreateStoreAsync(), redis.Open);

    /// <summary>Over a Redis of the test's own, where names need no prefix.</summary>
    public static async Task<LedgerStore> AtAsync(PostgresFixture postgres, string url) =>
        new(await postgres.CreateStoreAsync(), () => Open(url));

    public static RedisQueueBackend Open(string url) =>
        new(
            RedisOptions.Parse(url),
            new RedisQueueOptions(),
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
}
