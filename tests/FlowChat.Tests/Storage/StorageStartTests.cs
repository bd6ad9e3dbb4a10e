using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Tests.Storage;

public sealed class StorageStartTests(SharedPostgres postgres)
{
    [Fact]
    public async Task A_database_that_is_not_there_ends_the_start_with_a_sentence()
    {
        var missing = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync())
        {
            Database = "nowhere",
        };

        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() =>
            FlowChatServer.StartAsync(missing.ConnectionString)
        );

        Assert.StartsWith(
            "The database can't be opened (the server of DATABASE_URL): ",
            refused.Message
        );
        Assert.Contains("nowhere", refused.Message, StringComparison.Ordinal);
    }
}
