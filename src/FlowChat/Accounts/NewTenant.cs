using Dapper;
using Npgsql;

namespace FlowChat.Accounts;

/// <summary>A tenant with its first owner.</summary>
internal sealed record NewTenant(
    string Name,
    string OwnerEmail,
    string OwnerName,
    string PasswordHash
)
{
    private const string Insert = """
        insert into tenants (id, name) values (@TenantId, @Name);
        insert into tenant_counters (tenant_id) values (@TenantId);
        insert into users (tenant_id, id, email, name, role, is_operator, password_hash)
        values (@TenantId, @OwnerId, @OwnerEmail, @OwnerName, 'owner', @IsOperator, @PasswordHash);
        """;

    private const string InsertKey = """
        insert into api_keys (tenant_id, id, name, role, is_operator, key_hash, created_by)
        values (@TenantId, @keyId, 'FLOWCHAT_ADMIN_API_KEY', 'owner', @IsOperator, @keyHash, @OwnerId)
        """;

    public Guid TenantId { get; } = Guid.CreateVersion7();
    public Guid OwnerId { get; } = Guid.CreateVersion7();

    /// <summary>What spans tenants: for the first owner of all.</summary>
    public bool IsOperator { get; init; }

    /// <summary>An owner's key that someone chose, instead of one that is shown once.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The migrator's connection: no other role may make a tenant.</summary>
    public async Task InsertAsync(NpgsqlConnection migrator, CancellationToken cancellationToken)
    {
        await migrator.ExecuteAsync(
            new CommandDefinition(Insert, this, cancellationToken: cancellationToken)
        );
        if (ApiKey is null)
            return;
        await migrator.ExecuteAsync(
            new CommandDefinition(
                InsertKey,
                new
                {
                    TenantId,
                    OwnerId,
                    IsOperator,
                    keyId = Guid.CreateVersion7(),
                    keyHash = SecretToken.Hash(ApiKey),
                },
                cancellationToken: cancellationToken
            )
        );
    }
}
