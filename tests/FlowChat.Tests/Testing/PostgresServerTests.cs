using Dapper;
using FlowChat.Testing.Servers;
using Npgsql;

namespace FlowChat.Tests.Testing;

public sealed class PostgresServerTests : IAsyncLifetime
{
    private readonly PostgresServer server = new(durable: true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await server.StartAsync(Ct);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task What_was_committed_outlives_a_kill_a_power_cut_and_a_restart()
    {
        var database = await server.CreateDatabaseAsync(ct: Ct);
        await RunAsync(database, "create table rows (n int); insert into rows values (1)");

        await server.KillAsync(Ct);
        await server.StartAsync(Ct);
        await RunAsync(database, "insert into rows values (2)");

        await server.StopImmediatelyAsync(Ct);
        await server.StartAsync(Ct);
        await RunAsync(database, "insert into rows values (3)");

        await server.RestartAsync(Ct);
        Assert.Equal(
            3,
            await RunAsync(
                PostgresServer.OverTcp(database, server.Port),
                "select count(*) from rows"
            )
        );
    }

    [Fact]
    public async Task A_copy_of_a_template_is_owned_by_a_login_that_makes_roles_and_is_no_superuser()
    {
        var template = new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync(ct: Ct));
        await RunAsync(template.ConnectionString, "create table rows (n int)");

        var copy = await server.CreateDatabaseAsync(template.Database!, Ct);

        Assert.Equal(
            0,
            await RunAsync(copy, "create role made nologin; select count(*) from rows")
        );
        Assert.Equal(
            0,
            await RunAsync(copy, "select count(*) from pg_roles where rolname = user and rolsuper")
        );
    }

    private static async Task<long?> RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        return await connection.ExecuteScalarAsync<long?>(sql);
    }
}
