using System.Globalization;
using Dapper;
using Npgsql;

namespace FlowChat.Testing;

/// <summary>Fills an inbox past what webhooks could bring within a test, straight into the tables.</summary>
public static class FullInbox
{
    /// <summary>Whose conversation has the long history; it stands at the top of the list.</summary>
    public const string LongestName = "Helena Longa";

    public static async Task FillAsync(
        string connectionString,
        Guid instanceId,
        int conversations,
        int messages,
        CancellationToken ct
    )
    {
        var file = Path.Combine(AppContext.BaseDirectory, "FullInbox.sql");
        var sql = (await File.ReadAllTextAsync(file, ct))
            .Replace("$instance", instanceId.ToString(), StringComparison.Ordinal)
            .Replace("$conversations", Text(conversations), StringComparison.Ordinal)
            .Replace("$messages", Text(messages), StringComparison.Ordinal);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(
            "set local role flowchat_migrator; set local search_path to flowchat, pg_temp"
        );
        await connection.ExecuteAsync(sql);
        await transaction.CommitAsync(ct);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
