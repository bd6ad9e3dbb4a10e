using Dapper;
using Npgsql;

namespace FlowChat.Storage.Embedded;

/// <summary>The database and the login that FlowChat uses in its server: as little as a hosted server would give.</summary>
internal static class FlowChatDatabase
{
    public const string Name = "flowchat";

    public static async Task EnsureAsync(string superuserConnection, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(superuserConnection + ";Pooling=false");
        await connection.OpenAsync(ct);
        if (
            !await ExistsAsync(
                connection,
                "select exists (select from pg_roles where rolname = @Name)"
            )
        )
            await connection.ExecuteAsync($"create role {Name} login createrole");
        if (
            !await ExistsAsync(
                connection,
                "select exists (select from pg_database where datname = @Name)"
            )
        )
            await connection.ExecuteAsync($"create database {Name} owner {Name}");
    }

    private static Task<bool> ExistsAsync(NpgsqlConnection connection, string sql) =>
        connection.ExecuteScalarAsync<bool>(sql, new { Name });
}
