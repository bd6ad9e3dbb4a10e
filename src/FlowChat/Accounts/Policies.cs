using Microsoft.AspNetCore.Authorization;

namespace FlowChat.Accounts;

/// <summary>The names that route groups ask for. Without one, a route asks for any signed-in caller.</summary>
internal static class Policies
{
    public const string Viewer = "viewer";
    public const string Agent = "agent";
    public const string Admin = "admin";
    public const string Owner = "owner";

    /// <summary>What spans tenants.</summary>
    public const string Operator = "operator";

    public static void Declare(AuthorizationOptions options)
    {
        var signedIn = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        options.DefaultPolicy = signedIn;
        // Holds for unknown paths and wrong methods too: a stranger learns nothing of what is there.
        options.FallbackPolicy = signedIn;
        options.AddPolicy(Viewer, AtLeast(Role.Viewer));
        options.AddPolicy(Agent, AtLeast(Role.Agent));
        options.AddPolicy(Admin, AtLeast(Role.Admin));
        options.AddPolicy(Owner, AtLeast(Role.Owner));
        options.AddPolicy(Operator, Require(caller => caller.IsOperator));
    }

    private static Action<AuthorizationPolicyBuilder> AtLeast(Role role) =>
        Require(caller => caller.Role >= role);

    private static Action<AuthorizationPolicyBuilder> Require(Func<Caller, bool> allows) =>
        policy =>
            policy
                .RequireAuthenticatedUser()
                .RequireAssertion(context =>
                    Caller.Of(context.User) is { } caller && allows(caller)
                );
}
