using FlowChat.Queues.Postgres;
using FlowChat.Testing.Servers;
using Npgsql;

[assembly: AssemblyFixture(typeof(FlowChat.Queues.Tests.Postgres.PostgresFixture))]

namespace FlowChat.Queues.Tests.Postgres;

/// <summary>One PostgreSQL for the run, one database for each test.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly PostgresServer server = new();

    public async ValueTask InitializeAsync() => await server.StartAsync();

    public async Task<PostgresQueueStore> CreateStoreAsync()
    {
        // As the product has it.
        var connection = await server.CreateDatabaseAsync() + ";Max Auto Prepare=200";
        var dataSource = NpgsqlDataSource.Create(connection);
        await PostgresQueueSchema.CreateAsync(dataSource, TestContext.Current.CancellationToken);
        return new PostgresQueueStore(dataSource, connection);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
