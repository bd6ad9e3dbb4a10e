using System.Reflection;
using Npgsql;

namespace FlowChat.Queues.Postgres;

/// <summary>
/// The tables of the PostgreSQL backend as numbered scripts. They name no schema: the connection's search path decides.
/// </summary>
public static class PostgresQueueSchema
{
    private const string BeginSql = """
        select pg_advisory_xact_lock(hashtext('flowchat queues'));
        create table if not exists job_schema (script text primary key, applied_at timestamptz not null default now());
        """;

    private static readonly string Prefix = $"{typeof(PostgresQueueSchema).Namespace}.Schema.";

    /// <summary>The scripts' names in the order in which they are applied.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly
            .GetExecutingAssembly()
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>One script, for a product that applies it with its own migrations.</summary>
    /// <exception cref="ArgumentException">There is no such script.</exception>
    public static string Read(string name)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name)
            ?? throw new ArgumentException($"No script is named {name}.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// Applies the scripts that weren't yet, all or none, and remembers them in the table <c>job_schema</c>. Call it at
    /// every start; processes that start together wait for one another.
    /// </summary>
    public static async Task CreateAsync(
        NpgsqlDataSource dataSource,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, BeginSql, cancellationToken);
        foreach (var name in Names)
            if (await IsNewAsync(connection, name, cancellationToken))
                await RunAsync(connection, Read(name), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<bool> IsNewAsync(
        NpgsqlConnection connection,
        string name,
        CancellationToken cancellationToken
    )
    {
        const string RememberSql =
            "insert into job_schema (script) values ($1) on conflict do nothing";
        await using var remember = new NpgsqlCommand(RememberSql, connection);
        remember.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return await remember.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static async Task RunAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
