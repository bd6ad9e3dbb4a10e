using FlowChat.Operations;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FlowChat.Accounts;

internal static class AccountsSetup
{
    private const long MaxBodyBytes = 64 * 1024;

    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services
            .AddAuthentication(CallerAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, CallerAuthentication>(
                CallerAuthentication.SchemeName,
                null
            );
        services.AddAuthorization(Policies.Declare);
        // Believed from this machine only, where a proxy that ends TLS stands.
        services.Configure<ForwardedHeadersOptions>(options =>
            options.ForwardedHeaders =
                ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
        );
        services.Configure<PasswordHasherOptions>(options =>
            options.IterationCount = Passwords.Iterations
        );
        services.AddSingleton<IPasswordHasher<Passwords>, PasswordHasher<Passwords>>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<Credentials>();
        services.AddSingleton<OwnOrigin>();
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<SessionSentinel>();
        services.AddSingleton<SignInLock>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<MeQuery>();
        services.AddSingleton<UserWriter>();
        services.AddSingleton<OwnPassword>();
        services.AddSingleton<FirstStart>();
        services.TryAddSingleton<Alarms>();
        services.AddHostedService<AccountsHousekeeping>();
        return services;
    }

    /// <summary>Who asks, whether they may, and whether a browser was made to: in this order.</summary>
    public static IApplicationBuilder UseAccounts(this IApplicationBuilder app) =>
        app.UseForwardedHeaders().UseAuthentication().UseAuthorization().UseMiddleware<CsrfGuard>();

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        var accounts = routes
            .MapGroup("")
            .AddEndpointFilter(AnswerBusyAsync)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));
        accounts.MapSessions();
        accounts.MapOwnPassword();
        accounts.MapUsers();
        accounts.MapApiKeys();
    }

    private static async ValueTask<object?> AnswerBusyAsync(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        try
        {
            return await next(context);
        }
        catch (TooManyPasswordsException)
        {
            return Problems.Busy(context.HttpContext);
        }
    }
}
