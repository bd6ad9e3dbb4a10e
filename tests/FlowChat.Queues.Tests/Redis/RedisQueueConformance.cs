namespace FlowChat.Queues.Tests.Redis;

public sealed class RedisQueueConformance(RedisFixture redis)
    : RedisConformance,
        IClassFixture<RedisFixture>
{
    protected override int Sequences => 750;

    protected override Task<IQueueStore> CreateStoreAsync() =>
        Task.FromResult<IQueueStore>(redis.CreateStore());
}
