using System.CommandLine;
using Dapper;
using FlowChat.Storage;

namespace FlowChat.Commands;

/// <summary><c>--tenant</c> of commands that are about one.</summary>
internal static class TenantChoice
{
    public const string Remedy = "Name one tenant with --tenant, by its name or id.";

    private const string Find = """
        select id from tenants where @tenant is null or id::text = @tenant or name = @tenant limit 2
        """;

    public static Option<string?> Option() =>
        new("--tenant") { Description = "The tenant's name or id; needed when there are several." };

    /// <returns>Null = there is none of that name, or more than one.</returns>
    public static async Task<Guid?> FindAsync(
        Database database,
        string? tenant,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        var found = (
            await connection.QueryAsync<Guid>(
                new CommandDefinition(Find, new { tenant }, cancellationToken: cancellationToken)
            )
        ).AsList();
        return found is [var one] ? one : null;
    }
}
