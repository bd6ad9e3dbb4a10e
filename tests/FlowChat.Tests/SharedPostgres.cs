using FlowChat.Storage;
using FlowChat.Testing.Servers;
using FlowChat.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace FlowChat.Tests;

/// <summary>One real server for the run; each test class takes a migrated database of its own from it.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    private readonly PostgresServer _server = new();
    private string _template = "";

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        var connectionString = await _server.CreateDatabaseAsync();
        await DatabaseRoles.EnsureAsync(connectionString, CancellationToken.None);
        // A database with open connections can't be copied.
        await using var database = new Database(connectionString + ";Pooling=false");
        var migrator = new Migrator(
            database,
            Migration.All,
            TimeProvider.System,
            NullLogger<Migrator>.Instance
        );
        await migrator.RunAsync(() => Task.CompletedTask, CancellationToken.None);
        _template = new NpgsqlConnectionStringBuilder(connectionString).Database!;
    }

    public Task<string> CreateDatabaseAsync() => _server.CreateDatabaseAsync(_template);

    /// <summary>A database that no migration has seen.</summary>
    public Task<string> CreateEmptyDatabaseAsync() => _server.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
