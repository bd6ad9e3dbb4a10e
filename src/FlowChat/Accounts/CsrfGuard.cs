using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authorization;

namespace FlowChat.Accounts;

/// <summary>Refuses what another site makes a signed-in browser send. Runs after authorization; API keys pass.</summary>
internal sealed class CsrfGuard(RequestDelegate next, OwnOrigin origin)
{
    public const string Header = "X-CSRF-Token";

    private const string ForeignOrigin =
        "The Origin header must be this server's own origin. Under another name, or behind a proxy, set FLOWCHAT_PUBLIC_URL.";

    public Task InvokeAsync(HttpContext context) =>
        Refusal(context) is { } refusal
            ? TypedResults
                .Problem(
                    statusCode: StatusCodes.Status403Forbidden,
                    title: "Request not trusted",
                    detail: refusal
                )
                .ExecuteAsync(context)
            : next(context);

    /// <summary>The token that belongs to a session: known to who may read our answers, and to no other site.</summary>
    public static string TokenFor(string sessionToken) =>
        Base64Url.EncodeToString(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(sessionToken), "csrf"u8)
        );

    private string? Refusal(HttpContext context)
    {
        var request = context.Request;
        var route = context.GetEndpoint()?.Metadata;
        // Another site must not sign a browser in either. Who is no browser sends no Origin.
        if (route?.GetMetadata<StartsSession>() is not null)
            return request.Headers.Origin.Count == 0 || origin.Sent(request) ? null : ForeignOrigin;
        if (
            Caller.Of(context.User) is not { Credential: Credential.Session }
            || route?.GetMetadata<IAllowAnonymous>() is not null
        )
            return null;

        var isSocket = IsSocket(request);
        if (!isSocket && IsSafe(request.Method))
            return null;
        if (!origin.Sent(request))
            return ForeignOrigin;
        // A browser can put no header of its own on a socket's handshake: there the origin alone decides.
        return isSocket || HasToken(request)
            ? null
            : $"The {Header} header is missing or wrong. Send the csrf_token that GET /api/me gives.";
    }

    private static bool IsSocket(HttpRequest request) =>
        HttpMethods.IsConnect(request.Method)
        || (
            HttpMethods.IsGet(request.Method)
            && request
                .Headers.Upgrade.ToString()
                .Contains("websocket", StringComparison.OrdinalIgnoreCase)
        );

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method)
        || HttpMethods.IsHead(method)
        || HttpMethods.IsOptions(method)
        || HttpMethods.IsTrace(method);

    private static bool HasToken(HttpRequest request) =>
        SessionCookie.Read(request) is { } session
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(request.Headers[Header].ToString()),
            Encoding.UTF8.GetBytes(TokenFor(session))
        );
}

/// <summary>Of a route that anyone may ask, and whose answer is a session.</summary>
internal sealed class StartsSession;
