using System.Reflection;
using Npgsql;

namespace FlowChat.Queues.Postgres;

/// <summary>
/// The tables of the PostgreSQL backend as numbered scripts. They name no schema: the connection's search path decides.
/// </summary>
public static class PostgresQueueSchema
{
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

    /// <summary>Applies every script to an empty schema.</summary>
    public static async Task CreateAsync(
        NpgsqlDataSource dataSource,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        foreach (var name in Names)
        {
            await using var command = dataSource.CreateCommand(Read(name));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
