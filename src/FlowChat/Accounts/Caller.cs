using System.Security.Claims;

namespace FlowChat.Accounts;

/// <summary>Who asks: bound by handlers that take it as a parameter, read from <c>HttpContext.User</c> elsewhere.</summary>
/// <remarks>With an API key it is the key's maker, with the key's role.</remarks>
internal sealed record Caller(
    Guid TenantId,
    Guid UserId,
    string Name,
    Role Role,
    bool IsOperator,
    Credential Credential
)
{
    public static Caller? Of(ClaimsPrincipal? principal) =>
        (principal?.Identity as CallerIdentity)?.Caller;

    public static ValueTask<Caller> BindAsync(HttpContext context) =>
        ValueTask.FromResult(
            Of(context.User)
                ?? throw new InvalidOperationException("An anonymous route asked for its caller.")
        );
}

/// <summary>What proved it: a session by its token's hash, or an API key by its id.</summary>
internal abstract record Credential
{
    internal sealed record Session(string TokenHash) : Credential;

    internal sealed record ApiKey(Guid Id) : Credential;
}

internal sealed class CallerIdentity(Caller caller, string scheme)
    : ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.UserId.ToString())], scheme)
{
    public Caller Caller { get; } = caller;
}
