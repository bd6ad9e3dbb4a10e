namespace FlowChat.Queues.Tests.Redis;

/// <summary>The same promises with an append-only file.</summary>
public sealed class DurableRedisConformance(DurableRedisFixture redis)
    : QueueConformance,
        IClassFixture<DurableRedisFixture>
{
    protected override Task<IQueueStore> CreateStoreAsync() =>
        Task.FromResult<IQueueStore>(redis.CreateStore());
}
