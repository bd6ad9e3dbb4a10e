using Dapper;
using FlowChat.Storage;

namespace FlowChat.Accounts;

/// <summary>Changes a person's own password. Guesses at the current one count like failed sign-ins.</summary>
internal sealed class OwnPassword(
    Database database,
    Passwords passwords,
    SignInLock signInLock,
    SessionSentinel sentinel
)
{
    private const string FindUser = "select email, password_hash from users where id = @UserId";

    public async Task<Change> ChangeAsync(
        Caller caller,
        string currentPassword,
        string newPassword,
        CancellationToken cancellationToken
    )
    {
        var (email, currentHash) = await FindAsync(caller, cancellationToken);
        if (await signInLock.TryAsync(email, cancellationToken) is { } wait)
            return new Change(false, wait);
        if (!await passwords.VerifyAsync(currentHash, currentPassword, cancellationToken))
            return new Change(false, null);
        await signInLock.ForgetAsync(email, cancellationToken);

        var hash = await passwords.HashAsync(newPassword, cancellationToken);
        await using var transaction = await database.BeginAsync(caller.TenantId, cancellationToken);
        await UserAccess.SetPasswordAsync(
            transaction,
            caller.UserId,
            hash,
            caller.Credential,
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        sentinel.SessionsEnded(caller.UserId, caller.Credential);
        return new Change(true, null);
    }

    private async Task<(string Email, string PasswordHash)> FindAsync(
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(caller.TenantId, cancellationToken);
        return await transaction.Connection.QuerySingleAsync<(string, string)>(
            new CommandDefinition(
                FindUser,
                new { caller.UserId },
                cancellationToken: cancellationToken
            )
        );
    }

    /// <param name="IsRight">The current password was right, and the new one holds.</param>
    /// <param name="Wait">The address is locked for this long.</param>
    internal readonly record struct Change(bool IsRight, TimeSpan? Wait);
}
