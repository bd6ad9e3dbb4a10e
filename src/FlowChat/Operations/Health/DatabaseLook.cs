using FlowChat.Operations.Work;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Operations.Health;

/// <summary>Whether the database answers and has this program's schema, and who works.</summary>
internal sealed class DatabaseLook(Database database)
{
    // Workers of all processes, as they report themselves: one that missed two reports has gone without a word.
    private const string Look = """
        select (select count(*) from schema_migrations where name = any($1)),
               (select count(*) from queue_workers where seen_at > now() - make_interval(secs => $2))
        """;

    private static readonly string[] Known = [.. Migration.All.Select(one => one.Name)];

    /// <exception cref="NpgsqlException">It is away.</exception>
    public async Task<DatabaseState> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Probe.CreateCommand(Look);
        command.Parameters.Add(SqlBatch.Value(Known));
        command.Parameters.Add(SqlBatch.Value(WorkReport.Silence.TotalSeconds));
        try
        {
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return row.GetInt64(0) < Known.Length
                ? new(Connection.NotMigrated, null)
                : new(Connection.Connected, row.GetInt64(1));
        }
        catch (PostgresException error) when (IsBehind(error))
        {
            return new(Connection.NotMigrated, null);
        }
    }

    // No tables yet, or not even the role to read them with.
    private static bool IsBehind(PostgresException error) =>
        error.SqlState
            is PostgresErrorCodes.UndefinedTable
                or PostgresErrorCodes.InvalidSchemaName
                or PostgresErrorCodes.InvalidParameterValue;
}

/// <param name="Database">A word of <see cref="Connection"/>.</param>
/// <param name="Workers">How many hold leases or wait for work; null where nobody can tell.</param>
internal sealed record DatabaseState(string Database, long? Workers);

/// <summary>How something is reached that FlowChat depends on.</summary>
internal static class Connection
{
    public const string Connected = "connected";
    public const string Disconnected = "disconnected";
    public const string NotConfigured = "not_configured";

    /// <summary>The database answers, but its schema is behind this program.</summary>
    public const string NotMigrated = "not_migrated";
}
