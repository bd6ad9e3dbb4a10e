using Dapper;
using FlowChat.Storage;

namespace FlowChat.Accounts;

/// <summary>Writes users. What a team sees of its users changes here alone.</summary>
internal static class UserWriter
{
    private const string Insert = $"""
        insert into users (id, email, name, role, password_hash, created_at)
        values (@Id, @Email, @Name, @Role, @passwordHash, @now)
        returning {User.Columns}
        """;

    private const string Update = $"""
        update users
        set name = @Name, role = @Role, disabled_at = @DisabledAt, version = version + 1
        where id = @Id
        returning {User.Columns}
        """;

    private const string SetPassword = """
        update users set password_hash = @passwordHash where id = @userId
        """;

    private const string EndSessions = """
        delete from sessions where user_id = @userId and token_hash is distinct from @except
        """;

    public static Task<User> AddAsync(
        TenantTransaction transaction,
        NewUser user,
        string passwordHash,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        SaveUserAsync(
            transaction,
            Insert,
            new
            {
                Id = Guid.CreateVersion7(),
                user.Email,
                user.Name,
                Role = user.Role.Text(),
                passwordHash,
                now,
            },
            cancellationToken
        );

    public static Task<User> ChangeAsync(
        TenantTransaction transaction,
        User changed,
        CancellationToken cancellationToken
    ) =>
        SaveUserAsync(
            transaction,
            Update,
            new
            {
                changed.Id,
                changed.Name,
                Role = changed.Role.Text(),
                changed.DisabledAt,
            },
            cancellationToken
        );

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

    private static Task<User> SaveUserAsync(
        TenantTransaction transaction,
        string sql,
        object arguments,
        CancellationToken cancellationToken
    ) =>
        transaction.Connection.QuerySingleAsync<User>(
            new CommandDefinition(sql, arguments, cancellationToken: cancellationToken)
        );
}

internal sealed record NewUser(string Email, string Name, Role Role);
