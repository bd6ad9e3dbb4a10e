using FlowChat.Json;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace FlowChat.Accounts;

internal static class UserEndpoints
{
    private const string List = $"""
        select seq from tenant_counters;
        select {User.Columns} from users where @cursor is null or id > @cursor order by id limit @limit + 1;
        """;

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/users").WithTags("Users");
        users.MapGet("", ListAsync).RequireAuthorization(Policies.Viewer).WithSummary("The team");

        var admin = users.MapGroup("").RequireAuthorization(Policies.Admin);
        admin
            .MapPost("", CreateAsync)
            .WithSummary("Add someone to the team")
            .ProducesProblem(StatusCodes.Status409Conflict);
        admin
            .MapPatch("/{id:guid}", UserChange.ChangeAsync)
            .WithSummary("Rename someone, change their role, let them in or not")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        admin
            .MapPost("/{id:guid}/reset-password", UserChange.ResetPasswordAsync)
            .WithSummary("Give someone a new password and end their sessions")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Task<PageOf<User>> ListAsync(
        Caller caller,
        Database database,
        CancellationToken cancellationToken,
        Guid? cursor = null,
        int limit = 100
    ) =>
        PageById.ReadAsync<User>(
            database,
            caller.TenantId,
            List,
            user => user.Id,
            cursor,
            limit,
            cancellationToken
        );

    private static async Task<
        Results<Created<User>, ValidationProblem, ProblemHttpResult>
    > CreateAsync(
        CreateUserRequest request,
        Caller caller,
        Database database,
        Passwords passwords,
        UserWriter writer,
        CancellationToken cancellationToken
    )
    {
        var errors = new FieldErrors();
        var user = new NewUser(
            errors.Email(request.Email),
            errors.Name(request.Name),
            errors.Role(request.Role)
        );
        var password = errors.Password(request.Password);
        if (errors.Problem is { } problem)
            return problem;
        if (TeamRules.ToGive(caller, user.Role) is { } refusal)
            return Problems.Forbidden(refusal);

        var hash = await passwords.HashAsync(password, cancellationToken);
        await using var transaction = await database.BeginAsync(caller.TenantId, cancellationToken);
        try
        {
            var created = await writer.AddAsync(
                transaction,
                caller.TenantId,
                user,
                hash,
                cancellationToken
            );
            return TypedResults.Created($"/api/users/{created.Id}", created);
        }
        catch (PostgresException error) when (error.ConstraintName == "users_email")
        {
            return Problems.Conflict(
                "This e-mail address already has an account on this server. Use another one.",
                ProblemCode.EmailTaken
            );
        }
    }

    internal sealed record CreateUserRequest(
        string? Email,
        string? Name,
        string? Role,
        string? Password
    );
}
