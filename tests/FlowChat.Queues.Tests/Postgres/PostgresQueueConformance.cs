namespace FlowChat.Queues.Tests.Postgres;

public sealed class PostgresQueueConformance(PostgresFixture postgres) : QueueConformance
{
    protected override int Sequences => 500;

    protected override async Task<IQueueStore> CreateStoreAsync() =>
        await postgres.CreateStoreAsync();
}
