using Dapper;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Tests.Storage;

public sealed class DatabaseTests(RunningNode node) : IClassFixture<RunningNode>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_error_tells_nothing_of_its_row_whatever_the_address_asks_for()
    {
        var asked = new NpgsqlConnectionStringBuilder(node.ConnectionString)
        {
            IncludeErrorDetail = true,
        };
        await using var database = new Database(asked.ConnectionString);
        await using var connection = await database.Migrator.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync(
            "create temp table secrets (word text primary key); insert into secrets values ('xyzzy')"
        );

        var error = await Assert.ThrowsAsync<PostgresException>(() =>
            connection.ExecuteAsync("insert into secrets values ('xyzzy')")
        );

        Assert.DoesNotContain("xyzzy", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_ends_what_a_vanished_node_left_open()
    {
        await using var database = new Database(node.ConnectionString);
        foreach (
            var source in (NpgsqlDataSource[])[database.App, database.System, database.Migrator]
        )
        {
            // The second is the first again, out of the pool: what is told at its start-up stays.
            for (var times = 0; times < 2; times++)
            {
                await using var connection = await source.OpenConnectionAsync(Ct);
                var told = await connection.QuerySingleAsync<(string Idle, string Check)>(
                    """
                    select current_setting('idle_in_transaction_session_timeout'),
                           current_setting('client_connection_check_interval')
                    """
                );
                Assert.Equal(("15s", "5s"), told);
            }
        }
    }

    [Theory]
    [InlineData("Host=db.example.com", true, 30, 10)]
    [InlineData("Host=/var/run/postgresql", false, 0, 0)]
    public async Task What_only_listens_notices_a_dead_connection(
        string address,
        bool asks,
        int after,
        int every
    )
    {
        await using var database = new Database(address);
        var system = new NpgsqlConnectionStringBuilder(database.System.ConnectionString);

        Assert.Equal(
            (asks, after, every),
            (system.TcpKeepAlive, system.TcpKeepAliveTime, system.TcpKeepAliveInterval)
        );
    }
}
