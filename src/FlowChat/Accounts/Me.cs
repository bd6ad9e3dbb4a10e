using Dapper;
using FlowChat.Storage;
using Microsoft.Extensions.Options;

namespace FlowChat.Accounts;

/// <summary>Whom the page belongs to, and from which event on it is live.</summary>
/// <param name="User">Who is signed in.</param>
/// <param name="Tenant">Where.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Operator">Whether they run this installation.</param>
/// <param name="CsrfToken">Null = the caller has no session.</param>
/// <param name="UploadLimit">The largest file that is taken, in bytes.</param>
/// <param name="Seq">Read before the rest.</param>
internal sealed record Me(
    Me.MyUser User,
    Me.MyTenant Tenant,
    Role Role,
    bool Operator,
    string? CsrfToken,
    long UploadLimit,
    long Seq
)
{
    internal sealed record MyUser(Guid Id, string Email, string Name);

    internal sealed record MyTenant(Guid Id, string Name);
}

internal sealed class MeQuery(Database database, IOptions<AccountsOptions> options)
{
    // The counter first: what changes between the two statements is then repeated by the log, not missed.
    private const string Find = """
        select seq from tenant_counters;
        select u.id, u.email, u.name from users u where u.id = @UserId;
        select t.id, t.name from tenants t;
        """;

    public async Task<Me> GetAsync(
        Caller caller,
        string? sessionToken,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(caller.TenantId, cancellationToken);
        await using var rows = await transaction.Connection.QueryMultipleAsync(
            new CommandDefinition(Find, new { caller.UserId }, cancellationToken: cancellationToken)
        );
        var seq = await rows.ReadSingleAsync<long>();
        var user = await rows.ReadSingleAsync<Me.MyUser>();
        var tenant = await rows.ReadSingleAsync<Me.MyTenant>();
        var csrfToken =
            caller.Credential is Credential.Session && sessionToken is not null
                ? CsrfGuard.TokenFor(sessionToken)
                : null;
        return new Me(
            user,
            tenant,
            caller.Role,
            caller.IsOperator,
            csrfToken,
            options.Value.UploadLimit,
            seq
        );
    }
}
