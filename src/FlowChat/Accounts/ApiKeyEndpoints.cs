using Dapper;
using FlowChat.Json;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Accounts;

internal static class ApiKeyEndpoints
{
    private const string List = """
        select seq from tenant_counters;
        select id, name, role, created_by, created_at
        from api_keys
        where revoked_at is null and (@cursor is null or id > @cursor)
        order by id
        limit @limit + 1;
        """;

    private const string Insert = """
        insert into api_keys (id, name, role, is_operator, key_hash, created_by, created_at)
        values (@id, @name, @role, @isOperator, @keyHash, @UserId, @now)
        """;

    private const string FindRole =
        "select role from api_keys where id = @id and revoked_at is null for update";

    private const string Revoke = "update api_keys set revoked_at = @now where id = @id";

    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes
            .MapGroup("/api/api-keys")
            .RequireAuthorization(Policies.Admin)
            .WithTags("API keys");
        keys.MapGet("", ListAsync).WithSummary("The keys in use");
        keys.MapPost("", CreateAsync).WithSummary("Make a key; it is shown this once");
        keys.MapDelete("/{id:guid}", RevokeAsync)
            .WithSummary("Revoke a key")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Task<PageOf<ApiKey>> ListAsync(
        Caller caller,
        Database database,
        CancellationToken cancellationToken,
        Guid? cursor = null,
        int limit = 100
    ) =>
        PageById.ReadAsync<ApiKey>(
            database,
            caller.TenantId,
            List,
            key => key.Id,
            cursor,
            limit,
            cancellationToken
        );

    private static async Task<
        Results<Created<CreatedApiKey>, ValidationProblem, ProblemHttpResult>
    > CreateAsync(
        CreateApiKeyRequest request,
        Caller caller,
        Database database,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var errors = new FieldErrors();
        var name = errors.Name(request.Name);
        var role = errors.Role(request.Role);
        if (errors.Problem is { } problem)
            return problem;
        if (TeamRules.ToGive(caller, role) is { } refusal)
            return Problems.Forbidden(refusal);

        var key = SecretToken.Create(SecretToken.ApiKeyPrefix);
        var row = new
        {
            id = Guid.CreateVersion7(),
            name,
            role = role.Text(),
            // What spans tenants is not handed down with a lesser role.
            isOperator = caller.IsOperator && role == Role.Owner,
            keyHash = SecretToken.Hash(key),
            caller.UserId,
            now = time.GetUtcNow(),
        };
        await using var transaction = await database.BeginAsync(caller.TenantId, cancellationToken);
        await transaction.Connection.ExecuteAsync(
            new CommandDefinition(Insert, row, cancellationToken: cancellationToken)
        );
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Created(
            $"/api/api-keys/{row.id}",
            new CreatedApiKey(row.id, name, role, key)
        );
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        Guid id,
        Caller caller,
        Database database,
        SessionSentinel sentinel,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(caller.TenantId, cancellationToken);
        var role = await transaction.Connection.QuerySingleOrDefaultAsync<string>(
            new CommandDefinition(FindRole, new { id }, cancellationToken: cancellationToken)
        );
        if (role is null)
            return Problems.NotFound("API key");
        if (Roles.Parse(role) > caller.Role)
            return Problems.Forbidden("Only an owner may revoke an owner's key.");
        await transaction.Connection.ExecuteAsync(
            new CommandDefinition(
                Revoke,
                new { id, now = time.GetUtcNow() },
                cancellationToken: cancellationToken
            )
        );
        await transaction.CommitAsync(cancellationToken);
        sentinel.Revoked(new Credential.ApiKey(id));
        return TypedResults.NoContent();
    }

    internal sealed record ApiKey
    {
        public required Guid Id { get; init; }
        public required string Name { get; init; }
        public required Role Role { get; init; }
        public required Guid CreatedBy { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
    }

    internal sealed record CreateApiKeyRequest(string? Name, string? Role);

    /// <summary>The key is shown this once.</summary>
    internal sealed record CreatedApiKey(Guid Id, string Name, Role Role, string Key);
}
