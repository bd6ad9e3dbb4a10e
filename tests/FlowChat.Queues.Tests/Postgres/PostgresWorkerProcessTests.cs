namespace FlowChat.Queues.Tests.Postgres;

public sealed class PostgresWorkerProcessTests(PostgresFixture postgres) : WorkerProcessTests
{
    private PostgresQueueStore store = null!;

    protected override string[] Arguments => [store.ConnectionString];

    protected override async Task<IQueueStore> CreateStoreAsync()
    {
        store = await postgres.CreateStoreAsync();
        await store.CreateEffectsAsync();
        return store;
    }

    private protected override Task<List<Effect>> EffectsAsync() => store.ReadEffectsAsync();
}
