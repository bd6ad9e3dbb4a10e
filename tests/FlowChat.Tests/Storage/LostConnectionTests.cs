using System.Net;
using Dapper;
using Npgsql;

namespace FlowChat.Tests.Storage;

/// <summary>The server ends the connections that the next reads would use: a restart, a failover.</summary>
public sealed class LostConnectionTests(RunningNode node) : IClassFixture<RunningNode>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/conversations")]
    [InlineData("/api/instances")]
    [InlineData("/api/users")]
    [InlineData("/api/events?after=0")]
    public async Task A_read_says_come_back_and_the_next_one_is_answered(string path)
    {
        using (var before = await node.Server.Client.Http.GetAsync(path, Ct))
        {
            before.EnsureSuccessStatusCode();
        }
        await EndConnectionsAsync();

        HttpStatusCode status;
        var refused = 0;
        do
        {
            using var response = await node.Server.Client.Http.GetAsync(path, Ct);
            status = response.StatusCode;
            if (status != HttpStatusCode.OK)
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
                Assert.NotNull(response.Headers.RetryAfter);
                refused++;
            }
        } while (status != HttpStatusCode.OK && refused < 60);
        Assert.Equal(HttpStatusCode.OK, status);
    }

    private async Task EndConnectionsAsync()
    {
        // A login of its own: the roles may not.
        await using var connection = new NpgsqlConnection(node.ConnectionString);
        var ended = await connection.QueryAsync<bool>(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and application_name in ('flowchat_app', 'flowchat_system')
            """
        );
        Assert.NotEmpty(ended);
    }
}
