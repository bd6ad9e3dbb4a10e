using Dapper;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Accounts;

/// <summary>What an admin changes of someone else: name, role, whether they may sign in, password.</summary>
internal static class UserChange
{
    // In the order of their ids: of two owners who demote each other the second waits, and is then refused.
    private const string LockWithOwners = $"""
        select {User.Columns} from users where id = @id or role = 'owner' order by id for update
        """;

    public static async Task<Results<Ok<User>, ValidationProblem, ProblemHttpResult>> ChangeAsync(
        Guid id,
        ChangeUserRequest request,
        Caller caller,
        Database database,
        UserWriter writer,
        SessionSentinel sentinel,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var errors = new FieldErrors();
        var name = request.Name is null ? null : errors.Name(request.Name);
        var role = request.Role is null ? (Role?)null : errors.Role(request.Role);
        if (errors.Problem is { } problem)
            return problem;

        await using var transaction = await database.BeginAsync(caller.TenantId, cancellationToken);
        var locked = await LockAsync(transaction, id, cancellationToken);
        if (locked.Find(user => user.Id == id) is not { } before)
            return Problems.NotFound("user");
        var after = before with
        {
            Name = name ?? before.Name,
            Role = role ?? before.Role,
            DisabledAt = request.Disabled switch
            {
                true => before.DisabledAt ?? time.GetUtcNow(),
                false => null,
                null => before.DisabledAt,
            },
        };
        if (Refusal(caller, before, after, locked) is { } refusal)
            return refusal;
        return TypedResults.Ok(
            after == before
                ? before
                : await SaveAsync(
                    transaction,
                    caller.TenantId,
                    after,
                    writer,
                    sentinel,
                    cancellationToken
                )
        );
    }

    public static async Task<
        Results<NoContent, ValidationProblem, ProblemHttpResult>
    > ResetPasswordAsync(
        Guid id,
        ResetPasswordRequest request,
        Caller caller,
        Database database,
        Passwords passwords,
        SignInLock signInLock,
        SessionSentinel sentinel,
        CancellationToken cancellationToken
    )
    {
        var errors = new FieldErrors();
        var password = errors.Password(request.Password);
        if (errors.Problem is { } problem)
            return problem;

        var hash = await passwords.HashAsync(password, cancellationToken);
        await using var transaction = await database.BeginAsync(caller.TenantId, cancellationToken);
        var locked = await LockAsync(transaction, id, cancellationToken);
        if (locked.Find(user => user.Id == id) is not { } user)
            return Problems.NotFound("user");
        if (TeamRules.ToChange(caller, user) is { } refusal)
            return Problems.Forbidden(refusal);
        await UserAccess.SetPasswordAsync(transaction, id, hash, except: null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await signInLock.ForgetAsync(user.Email, cancellationToken);
        sentinel.SessionsEnded(id, except: null);
        return TypedResults.NoContent();
    }

    private static async Task<List<User>> LockAsync(
        TenantTransaction transaction,
        Guid id,
        CancellationToken cancellationToken
    ) =>
        (
            await transaction.Connection.QueryAsync<User>(
                new CommandDefinition(
                    LockWithOwners,
                    new { id },
                    cancellationToken: cancellationToken
                )
            )
        ).AsList();

    private static ProblemHttpResult? Refusal(
        Caller caller,
        User before,
        User after,
        List<User> locked
    )
    {
        if (TeamRules.ToChange(caller, before) is { } untouchable)
            return Problems.Forbidden(untouchable);
        if (TeamRules.ToGive(caller, after.Role) is { } tooHigh)
            return Problems.Forbidden(tooHigh);
        return TeamRules.ToLose(before, after, locked) is { } lastOwner
            ? Problems.Conflict(lastOwner, ProblemCode.WrongState)
            : null;
    }

    private static async Task<User> SaveAsync(
        TenantTransaction transaction,
        Guid tenantId,
        User after,
        UserWriter writer,
        SessionSentinel sentinel,
        CancellationToken cancellationToken
    )
    {
        if (after.DisabledAt is not null)
            await UserAccess.EndSessionsAsync(
                transaction,
                after.Id,
                except: null,
                cancellationToken
            );
        var saved = await writer.ChangeAsync(transaction, tenantId, after, cancellationToken);
        if (saved.DisabledAt is not null)
            sentinel.UserDisabled(saved.Id);
        return saved;
    }

    internal sealed record ChangeUserRequest(string? Name, string? Role, bool? Disabled);

    internal sealed record ResetPasswordRequest(string? Password);
}
