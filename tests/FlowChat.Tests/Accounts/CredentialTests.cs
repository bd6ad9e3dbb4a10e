using System.Net;
using FlowChat.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Tests.Accounts;

public sealed class CredentialTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Theory]
    [InlineData("Bearer fck_wrong")]
    [InlineData("Bearer ")]
    [InlineData("Bearer")]
    [InlineData("Basic dTpw")]
    [InlineData("")]
    public async Task A_bad_header_never_falls_back_to_the_cookie(string header)
    {
        var tenant = await app.CreateTenantAsync();
        using var browser = app.Browser();
        await browser.SignInAsync(tenant.Email);
        browser.Headers["Authorization"] = header;

        var answer = await browser.SendAsync("GET", "/api/me");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
    }

    [Fact]
    public async Task A_key_is_its_makers_with_its_own_role_until_it_is_revoked()
    {
        var tenant = await app.CreateTenantAsync(isOperator: true);
        using var owner = app.WithKey(tenant.ApiKey);
        var created = await owner.SendAsync(
            "POST",
            "/api/api-keys",
            new { name = "bot", role = "agent" }
        );
        using var bot = app.WithKey(created["key"]!);

        var me = await bot.SendAsync("GET", "/api/me");
        var makeKey = await bot.SendAsync(
            "POST",
            "/api/api-keys",
            new { name = "more", role = "viewer" }
        );
        var operate = await bot.SendAsync("POST", "/operate");
        var listed = await owner.SendAsync("GET", "/api/api-keys");
        var revoked = await owner.SendAsync("DELETE", $"/api/api-keys/{created["id"]}");
        var after = await bot.SendAsync("GET", "/api/me");

        Assert.StartsWith("fck_", created["key"], StringComparison.Ordinal);
        Assert.Equal(tenant.OwnerId.ToString(), me.Json!["user"]!["id"]!.ToString());
        Assert.Equal("agent", me["role"]);
        Assert.Equal(HttpStatusCode.Forbidden, makeKey.Status);
        Assert.Equal(HttpStatusCode.Forbidden, operate.Status);
        Assert.DoesNotContain(
            created["key"]!,
            listed.Json!.ToJsonString(),
            StringComparison.Ordinal
        );
        Assert.Equal(HttpStatusCode.NoContent, revoked.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, after.Status);
    }

    [Fact]
    public async Task A_key_falls_with_its_makers_role_and_account()
    {
        var tenant = await app.CreateTenantAsync();
        using var owner = app.WithKey(tenant.ApiKey);
        var (id, admin) = await SignedInUserAsync(tenant, "admin");
        var key = (
            await admin.SendAsync("POST", "/api/api-keys", new { name = "bot", role = "admin" })
        )["key"]!;
        using var bot = app.WithKey(key);

        await owner.SendAsync("PATCH", $"/api/users/{id}", new { role = "viewer" });
        var demoted = await bot.SendAsync("GET", "/api/me");
        await owner.SendAsync("PATCH", $"/api/users/{id}", new { disabled = true });
        var disabled = await bot.SendAsync("GET", "/api/me");

        Assert.Equal("viewer", demoted["role"]);
        Assert.Equal(HttpStatusCode.Unauthorized, disabled.Status);
    }

    [Fact]
    public async Task A_session_slides_for_thirty_days_and_then_ends()
    {
        var tenant = await app.CreateTenantAsync();
        using var browser = app.Browser();
        await browser.SignInAsync(tenant.Email);

        app.Clock.Advance(TimeSpan.FromDays(29));
        var slid = await browser.SendAsync("GET", "/api/me");
        app.Clock.Advance(TimeSpan.FromDays(29));
        var alive = await browser.SendAsync("GET", "/api/me");
        app.Clock.Advance(TimeSpan.FromDays(30));
        var ended = await browser.SendAsync("GET", "/api/me");

        Assert.Contains(
            "max-age=2592000",
            slid.Headers["Set-Cookie"],
            StringComparison.OrdinalIgnoreCase
        );
        Assert.Equal(HttpStatusCode.OK, alive.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, ended.Status);
    }

    [Fact]
    public async Task A_stream_that_is_checked_leaves_the_sliding_to_requests()
    {
        var tenant = await app.CreateTenantAsync();
        using var browser = app.Browser();
        await browser.SignInAsync(tenant.Email);
        var caller = await CallerOfAsync(browser);
        app.Clock.Advance(TimeSpan.FromDays(1));
        await app
            .Services.GetRequiredService<SessionSentinel>()
            .IsAliveAsync(caller, TestContext.Current.CancellationToken);

        var answer = await browser.SendAsync("GET", "/api/me");

        Assert.Contains("Set-Cookie", answer.Headers.Keys);
    }

    [Theory]
    [InlineData("sign-out")]
    [InlineData("disable")]
    [InlineData("reset")]
    public async Task A_live_stream_ends_with_its_session(string how)
    {
        var tenant = await app.CreateTenantAsync();
        using var owner = app.WithKey(tenant.ApiKey);
        var (id, agent) = await SignedInUserAsync(tenant, "agent");
        var sentinel = app.Services.GetRequiredService<SessionSentinel>();
        var caller = await CallerOfAsync(agent);
        using var watch = sentinel.WatchOver(caller);
        Assert.True(await sentinel.IsAliveAsync(caller, TestContext.Current.CancellationToken));

        var answer = how switch
        {
            "sign-out" => await agent.SendAsync("POST", "/api/auth/sign-out"),
            "disable" => await owner.SendAsync(
                "PATCH",
                $"/api/users/{id}",
                new { disabled = true }
            ),
            _ => await owner.SendAsync(
                "POST",
                $"/api/users/{id}/reset-password",
                new { password = "another one" }
            ),
        };

        Assert.True((int)answer.Status < 300, answer["detail"]);
        Assert.True(watch.Revoked.IsCancellationRequested);
        Assert.False(await sentinel.IsAliveAsync(caller, TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Unauthorized, (await agent.SendAsync("GET", "/api/me")).Status);
    }

    private async Task<Caller> CallerOfAsync(TestBrowser browser)
    {
        var tokenHash = SecretToken.Hash(browser.Headers["Cookie"].Split('=', 2)[1]);
        var session = await app
            .Services.GetRequiredService<Credentials>()
            .FindSessionAsync(tokenHash, TestContext.Current.CancellationToken);
        return session!.Caller;
    }

    private async Task<(string Id, TestBrowser Browser)> SignedInUserAsync(
        TestTenant tenant,
        string role
    )
    {
        using var owner = app.WithKey(tenant.ApiKey);
        var email = $"{role}-{Guid.CreateVersion7():N}@example.com";
        var user = await owner.SendAsync(
            "POST",
            "/api/users",
            new
            {
                email,
                name = role,
                role,
                password = TestTenant.Password,
            }
        );
        var browser = app.Browser();
        await browser.SignInAsync(email);
        return (user["id"]!, browser);
    }
}
