using Dapper;
using FlowChat.Storage;

namespace FlowChat.Accounts;

/// <summary>Finds who a session or an API key stands for. Nothing is cached: a revocation holds at the next request.</summary>
internal sealed class Credentials(Database database, TimeProvider time)
{
    public static readonly TimeSpan SessionLifetime = TimeSpan.FromDays(30);

    // A session slides at most this often, so that a busy one does not write with every request.
    private static readonly TimeSpan SlideEvery = TimeSpan.FromHours(1);

    private const string FindSession = """
        select s.tenant_id, s.user_id, u.name, u.role, u.is_operator, s.seen_at
        from sessions s
        join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
        where s.token_hash = @tokenHash and s.expires_at > @now and u.disabled_at is null
        """;

    private const string SlideSession = """
        update sessions set seen_at = @now, expires_at = @expiresAt where token_hash = @tokenHash
        """;

    private const string FindKey = """
        select k.id, k.tenant_id, k.created_by as user_id, u.name, k.role, u.role as maker_role,
               k.is_operator and u.is_operator as is_operator
        from api_keys k
        join users u on u.tenant_id = k.tenant_id and u.id = k.created_by
        where k.revoked_at is null and u.disabled_at is null
        """;

    private const string FindKeyByHash = FindKey + " and k.key_hash = @keyHash";
    private const string FindKeyById = FindKey + " and k.tenant_id = @TenantId and k.id = @Id";

    public async Task<FoundSession?> FindSessionAsync(
        byte[] tokenHash,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<SessionRow>(
            new CommandDefinition(
                FindSession,
                new { tokenHash, now },
                cancellationToken: cancellationToken
            )
        );
        if (row is null)
            return null;
        var credential = new Credential.Session(Convert.ToHexStringLower(tokenHash));
        var caller = new Caller(
            row.TenantId,
            row.UserId,
            row.Name,
            row.Role,
            row.IsOperator,
            credential
        );
        return new FoundSession(caller, MustSlide: now - row.SeenAt > SlideEvery);
    }

    public async Task SlideSessionAsync(byte[] tokenHash, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var expiresAt = now + SessionLifetime;
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                SlideSession,
                new
                {
                    tokenHash,
                    now,
                    expiresAt,
                },
                cancellationToken: cancellationToken
            )
        );
    }

    public Task<Caller?> FindApiKeyAsync(byte[] keyHash, CancellationToken cancellationToken) =>
        FindKeyAsync(FindKeyByHash, new { keyHash }, cancellationToken);

    /// <summary>The caller as the rows have it now, or null when its session, key or user has ended.</summary>
    public async Task<Caller?> RefreshAsync(Caller caller, CancellationToken cancellationToken) =>
        caller.Credential switch
        {
            Credential.Session session => (
                await FindSessionAsync(Convert.FromHexString(session.TokenHash), cancellationToken)
            )?.Caller,
            Credential.ApiKey key => await FindKeyAsync(
                FindKeyById,
                new { caller.TenantId, key.Id },
                cancellationToken
            ),
            _ => null,
        };

    private async Task<Caller?> FindKeyAsync(
        string sql,
        object arguments,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<KeyRow>(
            new CommandDefinition(sql, arguments, cancellationToken: cancellationToken)
        );
        return row is null
            ? null
            : new Caller(
                row.TenantId,
                row.UserId,
                row.Name,
                // The maker may have lost a role since.
                Roles.Lower(row.Role, row.MakerRole),
                row.IsOperator,
                new Credential.ApiKey(row.Id)
            );
    }

    internal sealed record FoundSession(Caller Caller, bool MustSlide);

    private sealed record SessionRow
    {
        public required Guid TenantId { get; init; }
        public required Guid UserId { get; init; }
        public required string Name { get; init; }
        public required Role Role { get; init; }
        public required bool IsOperator { get; init; }
        public required DateTimeOffset SeenAt { get; init; }
    }

    private sealed record KeyRow
    {
        public required Guid Id { get; init; }
        public required Guid TenantId { get; init; }
        public required Guid UserId { get; init; }
        public required string Name { get; init; }
        public required Role Role { get; init; }
        public required Role MakerRole { get; init; }
        public required bool IsOperator { get; init; }
    }
}
