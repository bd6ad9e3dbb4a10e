namespace FlowChat.Accounts;

internal sealed class SessionCookie(OwnOrigin origin)
{
    public const string Name = "flowchat_session";

    public static string? Read(HttpRequest request) =>
        request.Cookies.TryGetValue(Name, out var token) && token.Length > 0 ? token : null;

    public void Write(HttpContext context, string token) =>
        context.Response.Cookies.Append(
            Name,
            token,
            Attributes(context, Credentials.SessionLifetime)
        );

    public void Clear(HttpContext context) =>
        context.Response.Cookies.Delete(Name, Attributes(context, null));

    private CookieOptions Attributes(HttpContext context, TimeSpan? maxAge) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = origin.IsHttps(context.Request),
            Path = "/",
            MaxAge = maxAge,
        };
}
