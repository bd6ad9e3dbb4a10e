using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace FlowChat.Accounts;

/// <summary>Recognises the session cookie and <c>Authorization: Bearer fck_…</c>.</summary>
internal sealed class CallerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    Credentials credentials,
    SessionCookie cookie
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "flowchat";

    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Webhooks carry secrets of their own in the same header, and must not wait for a look-up.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return AuthenticateResult.NoResult();

        // Who sends this header is judged by it alone: a bad key must not become the browser's user.
        var caller = Request.Headers.ContainsKey(HeaderNames.Authorization)
            ? await FromApiKeyAsync(Request.Headers.Authorization.ToString())
            : await FromSessionAsync();
        return caller is null
            ? AuthenticateResult.NoResult()
            : AuthenticateResult.Success(Ticket(caller));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return TypedResults
            .Problem(
                statusCode: StatusCodes.Status401Unauthorized,
                title: "Not signed in",
                detail: "Sign in with POST /api/auth/sign-in, or send an API key as Authorization: Bearer fck_…."
            )
            .ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        TypedResults
            .Problem(
                statusCode: StatusCodes.Status403Forbidden,
                title: "Not allowed",
                detail: "Your role does not allow this. Ask an owner or admin of your team."
            )
            .ExecuteAsync(Context);

    private async Task<Caller?> FromApiKeyAsync(string header) =>
        header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? await credentials.FindApiKeyAsync(
                SecretToken.Hash(header[Bearer.Length..].Trim()),
                Context.RequestAborted
            )
            : null;

    private async Task<Caller?> FromSessionAsync()
    {
        if (SessionCookie.Read(Request) is not { } token)
            return null;
        var tokenHash = SecretToken.Hash(token);
        var session = await credentials.FindSessionAsync(tokenHash, Context.RequestAborted);
        if (session is { MustSlide: true })
        {
            // Row and cookie together: a row that slid alone would outlive the browser's copy.
            await credentials.SlideSessionAsync(tokenHash, Context.RequestAborted);
            cookie.Write(Context, token);
        }

        return session?.Caller;
    }

    private static AuthenticationTicket Ticket(Caller caller) =>
        new(new ClaimsPrincipal(new CallerIdentity(caller, SchemeName)), SchemeName);
}
