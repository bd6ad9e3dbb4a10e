using System.Net;
using FlowChat.Accounts;

namespace FlowChat.Tests.Accounts;

public sealed class SignInTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public async Task A_session_knows_its_user_until_it_signs_out()
    {
        var tenant = await app.CreateTenantAsync();
        using var browser = app.Browser();

        var signedIn = await browser.SignInAsync(tenant.Email.ToUpperInvariant());
        var me = await browser.SendAsync("GET", "/api/me");
        var signedOut = await browser.SendAsync("POST", "/api/auth/sign-out");
        var after = await browser.SendAsync("GET", "/api/me");

        Assert.Equal(HttpStatusCode.OK, signedIn.Status);
        Assert.Contains(
            "httponly",
            signedIn.Headers["Set-Cookie"],
            StringComparison.OrdinalIgnoreCase
        );
        Assert.Contains(
            "samesite=lax",
            signedIn.Headers["Set-Cookie"],
            StringComparison.OrdinalIgnoreCase
        );
        Assert.Equal(tenant.OwnerId.ToString(), me.Json!["user"]!["id"]!.ToString());
        Assert.Equal(tenant.TenantId.ToString(), me.Json!["tenant"]!["id"]!.ToString());
        Assert.Equal("owner", me["role"]);
        Assert.Equal("0", me["seq"]);
        Assert.Equal(HttpStatusCode.NoContent, signedOut.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, after.Status);
    }

    [Fact]
    public async Task Every_refusal_looks_alike_and_costs_a_hash()
    {
        var tenant = await app.CreateTenantAsync();
        var disabled = await app.CreateTenantAsync();
        await using (
            var migrator = await app.Database.Migrator.OpenConnectionAsync(
                TestContext.Current.CancellationToken
            )
        )
        await using (var disable = migrator.CreateCommand())
        {
            disable.CommandText = "update users set disabled_at = now() where email = $1";
            disable.Parameters.AddWithValue(disabled.Email);
            await disable.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        using var browser = app.Browser();
        string[] passwords =
        [
            $"wrong {tenant.OwnerId}",
            $"unknown {tenant.OwnerId}",
            TestTenant.Password,
        ];

        var wrong = await browser.SignInAsync(tenant.Email, passwords[0]);
        var unknown = await browser.SignInAsync(
            $"nobody-{tenant.OwnerId}@example.com",
            passwords[1]
        );
        var ended = await browser.SignInAsync(disabled.Email, passwords[2]);

        Assert.All(
            [wrong, unknown, ended],
            answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.Status)
        );
        Assert.All([unknown, ended], answer => Assert.Equal(wrong["detail"], answer["detail"]));
        Assert.All(passwords, password => Assert.Contains(password, app.Hasher.Checked));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Five_failures_lock_an_address_also_for_the_right_password(bool isKnown)
    {
        var tenant = await app.CreateTenantAsync();
        var email = isKnown ? tenant.Email : $"nobody-{tenant.OwnerId}@example.com";
        using var browser = app.Browser();

        for (var attempt = 1; attempt <= SignInLock.AllowedFailures; attempt++)
            Assert.Equal(
                HttpStatusCode.Unauthorized,
                (await browser.SignInAsync(email, "wrong")).Status
            );
        var locked = await browser.SignInAsync(email);

        Assert.Equal(HttpStatusCode.TooManyRequests, locked.Status);
        Assert.Equal("60", locked.Headers["Retry-After"]);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("https", true)]
    public async Task The_cookie_is_secure_when_the_browser_came_over_https(
        string? forwardedProto,
        bool isSecure
    )
    {
        var tenant = await app.CreateTenantAsync();
        using var browser = app.Browser();
        if (forwardedProto is not null)
            browser.Headers["X-Forwarded-Proto"] = forwardedProto;

        var answer = await browser.SignInAsync(tenant.Email);

        Assert.Equal(
            isSecure,
            answer.Headers["Set-Cookie"].Contains("secure", StringComparison.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public async Task A_body_that_no_sign_in_needs_is_cut_off()
    {
        using var browser = app.Browser();

        var answer = await browser.SignInAsync("ana@example.com", new string('x', 100_000));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }
}
