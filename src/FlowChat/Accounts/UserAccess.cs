using Dapper;
using FlowChat.Storage;

namespace FlowChat.Accounts;

/// <summary>What lets a user in: the password and the sessions.</summary>
internal static class UserAccess
{
    private const string SetPassword = """
        update users set password_hash = @passwordHash where id = @userId
        """;

    private const string EndSessions = """
        delete from sessions where user_id = @userId and token_hash is distinct from @except
        """;

    /// <summary>Also ends the user's sessions, but for the one given.</summary>
    public static async Task SetPasswordAsync(
        TenantTransaction transaction,
        Guid userId,
        string passwordHash,
        Credential? except,
        CancellationToken cancellationToken
    )
    {
        await transaction.Connection.ExecuteAsync(
            new CommandDefinition(
                SetPassword,
                new { userId, passwordHash },
                cancellationToken: cancellationToken
            )
        );
        await EndSessionsAsync(transaction, userId, except, cancellationToken);
    }

    public static Task EndSessionsAsync(
        TenantTransaction transaction,
        Guid userId,
        Credential? except,
        CancellationToken cancellationToken
    )
    {
        var kept = except is Credential.Session session
            ? Convert.FromHexString(session.TokenHash)
            : null;
        return transaction.Connection.ExecuteAsync(
            new CommandDefinition(
                EndSessions,
                new { userId, except = kept },
                cancellationToken: cancellationToken
            )
        );
    }
}
