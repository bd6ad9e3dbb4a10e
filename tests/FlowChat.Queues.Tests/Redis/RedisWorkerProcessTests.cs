using System.Globalization;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>Without a ledger an effect may be repeated by who takes over, and by nobody else.</summary>
public class RedisWorkerProcessTests(DurableRedisFixture redis)
    : WorkerProcessTests,
        IClassFixture<DurableRedisFixture>
{
    private RedisQueueStore store = null!;

    protected override string[] Arguments => [redis.Url, store.Prefix, $"{Partitions}"];

    protected override bool HasEffectsOnce => false;

    protected override Task<IQueueStore> CreateStoreAsync()
    {
        store = redis.CreateStore();
        return Task.FromResult<IQueueStore>(store);
    }

    private protected override async Task<List<Effect>> EffectsAsync()
    {
        var entries = await store.Client.SendAsync(
            new RedisCommand("XRANGE", $"{store.Prefix}effects", "-", "+"),
            Ct
        );
        var effects = new List<Effect>();
        foreach (var entry in entries.Items)
            effects.Add(
                new Effect(
                    Guid.Parse(entry[1][1].Text, CultureInfo.InvariantCulture),
                    entry[1][3].Text,
                    (int)entry[1][5].Integer,
                    entry[1][7].Integer,
                    entry[1][9].Integer
                )
            );
        return effects;
    }
}

/// <summary>The same in three partitions.</summary>
public sealed class RedisPartitionWorkerProcessTests(DurableRedisFixture redis)
    : RedisWorkerProcessTests(redis)
{
    protected override int Partitions => 3;
}
