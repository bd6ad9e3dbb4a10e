using Dapper;
using FlowChat.Accounts;
using FlowChat.Storage;

namespace FlowChat.Operations;

/// <summary>Makes the first tenant and its owner. Two nodes that start at once make one.</summary>
internal sealed class FirstStart(Database database, Passwords passwords)
{
    public const string DefaultEmail = "admin@flowchat.local";

    private const string Lock = "select pg_advisory_xact_lock(6701339)";

    private const string FindOwner = """
        select tenant_id, email from users where role = 'owner' order by is_operator desc, created_at, id limit 1
        """;

    public async Task<FirstOwner> RunAsync(
        string? email,
        string? password,
        string? apiKey,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.Migrator.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(Lock, cancellationToken: cancellationToken)
        );
        var owner = await connection.QuerySingleOrDefaultAsync<(Guid TenantId, string Email)?>(
            new CommandDefinition(FindOwner, cancellationToken: cancellationToken)
        );
        if (owner is { } found)
            return new FirstOwner(
                found.TenantId,
                found.Email,
                IsNew: false,
                GeneratedPassword: null
            );

        var generated = password is null ? Passwords.Generate() : null;
        var hash = await passwords.HashAsync(password ?? generated!, cancellationToken);
        var tenant = new NewTenant(
            "FlowChat",
            EmailAddress.Normalize(email ?? DefaultEmail),
            "Admin",
            hash
        )
        {
            IsOperator = true,
            ApiKey = apiKey,
        };
        await tenant.InsertAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new FirstOwner(tenant.TenantId, tenant.OwnerEmail, IsNew: true, generated);
    }
}

/// <param name="TenantId">The tenant of the first owner.</param>
/// <param name="Email">What the owner signs in with.</param>
/// <param name="IsNew">Made by this start.</param>
/// <param name="GeneratedPassword">To be printed now and never again; null when it was given or made earlier.</param>
internal sealed record FirstOwner(
    Guid TenantId,
    string Email,
    bool IsNew,
    string? GeneratedPassword
);
