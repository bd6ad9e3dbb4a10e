using Dapper;
using FlowChat.Storage;
using FlowChat.Testing.Servers;
using Npgsql;

namespace FlowChat.Tests.Storage;

/// <summary>Roles belong to the whole server: what is done to them here needs a server of its own.</summary>
public sealed class RoleBypassTests : IAsyncLifetime
{
    private readonly PostgresServer _server = new();
    private string _connectionString = "";

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync(Ct);
        _connectionString = await _server.CreateDatabaseAsync(ct: Ct);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_role_that_could_pass_row_level_security_by_is_refused_with_the_remedy()
    {
        await DatabaseRoles.EnsureAsync(_connectionString, Ct);
        await using var database = new Database(_connectionString);
        await DatabaseRoles.RefuseBypassAsync(database, Ct);

        foreach (var role in new[] { DatabaseRoles.App, DatabaseRoles.System })
        {
            await AssertRefusedAsync(
                database,
                role,
                $"alter role {role} bypassrls",
                $"alter role {role} nobypassrls"
            );
            await AssertRefusedAsync(
                database,
                role,
                $"alter role {role} superuser",
                $"alter role {role} nosuperuser"
            );
            await AssertRefusedAsync(
                database,
                role,
                $"grant flowchat_migrator to {role}",
                $"revoke flowchat_migrator from {role}"
            );
            // Not inherited, but one "set role" away.
            await AssertRefusedAsync(
                database,
                role,
                $"grant flowchat_migrator to {role} with inherit false, set true",
                $"revoke flowchat_migrator from {role}"
            );
        }
        await DatabaseRoles.RefuseBypassAsync(database, Ct);
    }

    [Fact]
    public async Task The_program_ends_with_the_remedy_and_touches_nothing()
    {
        await DatabaseRoles.EnsureAsync(_connectionString, Ct);
        await AsSuperuserAsync("alter role flowchat_app bypassrls");

        await using var program = ChildProcess.Start(
            FlowChatProcess.Program,
            ["serve"],
            new Dictionary<string, string>
            {
                ["DATABASE_URL"] = _connectionString,
                ["FLOWCHAT_PORT"] = "0",
                ["FLOWCHAT_DATA"] = Path.Combine(
                    Path.GetTempPath(),
                    $"flowchat-{Guid.CreateVersion7():N}"
                ),
            }
        );

        Assert.Equal(1, await program.WaitForExitAsync(Ct));
        Assert.Contains(
            program.Output.All,
            line =>
                line.Contains(
                    "alter role flowchat_app nosuperuser nobypassrls",
                    StringComparison.Ordinal
                )
        );
        await using var connection = new NpgsqlConnection(_connectionString + ";Pooling=false");
        Assert.Equal(
            0,
            await connection.ExecuteScalarAsync<long>(
                "select count(*) from pg_class where relnamespace = 'flowchat'::regnamespace"
            )
        );
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task AssertRefusedAsync(
        Database database,
        string role,
        string widen,
        string narrow
    )
    {
        await AsSuperuserAsync(widen);
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() =>
            DatabaseRoles.RefuseBypassAsync(database, Ct)
        );
        Assert.Contains(
            $"alter role {role} nosuperuser nobypassrls",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"revoke flowchat_migrator from {role}",
            refused.Message,
            StringComparison.Ordinal
        );
        await AsSuperuserAsync(narrow);
    }

    private async Task AsSuperuserAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            _server.SuperuserConnectionString + ";Pooling=false"
        );
        await connection.ExecuteAsync(sql);
    }
}
