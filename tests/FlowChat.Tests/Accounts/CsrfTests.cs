using System.Net;

namespace FlowChat.Tests.Accounts;

public sealed class CsrfTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Theory]
    [InlineData("GET", null, null, 200)]
    [InlineData("GET", "https://evil.example", null, 200)]
    [InlineData("POST", "own", "own", 204)]
    [InlineData("POST", null, "own", 403)]
    [InlineData("POST", "null", "own", 403)]
    [InlineData("POST", "https://evil.example", "own", 403)]
    [InlineData("POST", "own", null, 403)]
    [InlineData("POST", "own", "", 403)]
    [InlineData("POST", "own", "wrong", 403)]
    public async Task A_cookie_changes_nothing_without_our_origin_and_its_token(
        string method,
        string? origin,
        string? token,
        int expected
    )
    {
        using var browser = await SignedInAsync();
        Replace(browser, "Origin", origin);
        Replace(browser, "X-CSRF-Token", token);

        var answer = await browser.SendAsync(
            method,
            method == "GET" ? "/api/me" : "/api/auth/sign-out"
        );

        Assert.Equal(expected, (int)answer.Status);
        if (expected == 403)
            Assert.Contains(
                origin == "own" ? "X-CSRF-Token" : "Origin",
                answer["detail"],
                StringComparison.Ordinal
            );
    }

    [Fact]
    public async Task A_token_serves_its_own_session_only()
    {
        using var browser = await SignedInAsync();
        using var other = await SignedInAsync();
        browser.Headers["X-CSRF-Token"] = other.Headers["X-CSRF-Token"];

        var answer = await browser.SendAsync("POST", "/api/auth/sign-out");

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [Theory]
    [InlineData("own", 200)]
    [InlineData("https://evil.example", 403)]
    [InlineData(null, 403)]
    public async Task A_socket_opens_from_our_own_origin_only(string? origin, int expected)
    {
        using var browser = await SignedInAsync();
        browser.Headers["Upgrade"] = "websocket";
        browser.Headers["Connection"] = "Upgrade";
        browser.Headers.Remove("X-CSRF-Token");
        Replace(browser, "Origin", origin);

        var answer = await browser.SendAsync("GET", "/socket");

        Assert.Equal(expected, (int)answer.Status);
    }

    [Theory]
    [InlineData(null, 200)]
    [InlineData("own", 200)]
    [InlineData("null", 403)]
    [InlineData("https://evil.example", 403)]
    public async Task Another_site_signs_nobody_in(string? origin, int expected)
    {
        var tenant = await app.CreateTenantAsync();
        using var browser = app.Browser();
        if (origin is not null)
            browser.Headers["Origin"] =
                origin == "own" ? app.Address.GetLeftPart(UriPartial.Authority) : origin;

        var answer = await browser.SignInAsync(tenant.Email);

        Assert.Equal(expected, (int)answer.Status);
        Assert.Equal(expected == 200, answer.Headers.ContainsKey("Set-Cookie"));
    }

    [Fact]
    public async Task An_api_key_needs_neither()
    {
        var tenant = await app.CreateTenantAsync();
        using var client = app.WithKey(tenant.ApiKey);
        client.Headers["Origin"] = "https://evil.example";

        var answer = await client.SendAsync(
            "POST",
            "/api/api-keys",
            new { name = "robot", role = "agent" }
        );
        var me = await client.SendAsync("GET", "/api/me");

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Null(me.Json!["csrf_token"]);
    }

    private async Task<TestBrowser> SignedInAsync()
    {
        var tenant = await app.CreateTenantAsync();
        var browser = app.Browser();
        await browser.SignInAsync(tenant.Email);
        return browser;
    }

    /// <summary>"own" keeps what the sign-in gave.</summary>
    private static void Replace(TestBrowser browser, string header, string? value)
    {
        if (value is null)
            browser.Headers.Remove(header);
        else if (value != "own")
            browser.Headers[header] = value;
    }
}
