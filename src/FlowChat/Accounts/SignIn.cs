using Dapper;
using FlowChat.Storage;

namespace FlowChat.Accounts;

internal abstract record SignInResult
{
    internal sealed record SignedIn(Caller Caller, string Token) : SignInResult;

    /// <summary>Unknown address, wrong password or disabled user: nobody is told which.</summary>
    internal sealed record Refused : SignInResult;

    internal sealed record Locked(TimeSpan Wait) : SignInResult;
}

/// <summary>Turns an address and a password into a session. Every refusal takes the same way, and so the same time.</summary>
internal sealed class SignIn(
    Database database,
    Passwords passwords,
    SignInLock signInLock,
    TimeProvider time
)
{
    private const string FindUser = """
        select tenant_id, name, id, role, is_operator, password_hash, disabled_at is not null as is_disabled
        from users
        where lower(email) = @email
        """;

    // Waits for a change of the user that is not yet committed: no session of the old password outlives a reset.
    private const string AddSession = """
        insert into sessions (token_hash, user_id, created_at, seen_at, expires_at)
        select @tokenHash, valid.id, @now, @now, @expiresAt
        from (
          select id from users where id = @Id and password_hash = @PasswordHash and disabled_at is null for share
        ) valid
        """;

    public async Task<SignInResult> TryAsync(
        string typedEmail,
        string password,
        CancellationToken cancellationToken
    )
    {
        var email = EmailAddress.Normalize(typedEmail);
        if (await signInLock.TryAsync(email, cancellationToken) is { } wait)
            return new SignInResult.Locked(wait);

        var user = await FindAsync(email, cancellationToken);
        var isRight = await passwords.VerifyAsync(user?.PasswordHash, password, cancellationToken);
        if (user is null || !isRight || user.IsDisabled)
            return new SignInResult.Refused();

        await signInLock.ForgetAsync(email, cancellationToken);
        return await StartSessionAsync(user, cancellationToken);
    }

    private async Task<UserRow?> FindAsync(string email, CancellationToken cancellationToken)
    {
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<UserRow>(
            new CommandDefinition(FindUser, new { email }, cancellationToken: cancellationToken)
        );
    }

    private async Task<SignInResult> StartSessionAsync(
        UserRow user,
        CancellationToken cancellationToken
    )
    {
        var token = SecretToken.Create();
        var tokenHash = SecretToken.Hash(token);
        var now = time.GetUtcNow();
        var expiresAt = now + Credentials.SessionLifetime;
        await using var transaction = await database.BeginAsync(user.TenantId, cancellationToken);
        var added = await transaction.Connection.ExecuteAsync(
            new CommandDefinition(
                AddSession,
                new
                {
                    user.Id,
                    user.PasswordHash,
                    tokenHash,
                    now,
                    expiresAt,
                },
                cancellationToken: cancellationToken
            )
        );
        await transaction.CommitAsync(cancellationToken);
        var credential = new Credential.Session(Convert.ToHexStringLower(tokenHash));
        return added == 0
            ? new SignInResult.Refused()
            : new SignInResult.SignedIn(
                new Caller(
                    user.TenantId,
                    user.Id,
                    user.Name,
                    user.Role,
                    user.IsOperator,
                    credential
                ),
                token
            );
    }

    private sealed record UserRow
    {
        public required Guid TenantId { get; init; }
        public required string Name { get; init; }
        public required Guid Id { get; init; }
        public required Role Role { get; init; }
        public required bool IsOperator { get; init; }
        public required string PasswordHash { get; init; }
        public required bool IsDisabled { get; init; }
    }
}
