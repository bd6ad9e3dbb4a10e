using System.Net;
using Dapper;
using FlowChat.Accounts;

namespace FlowChat.Tests.Accounts;

public sealed class TeamTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    [Fact]
    public async Task The_team_is_listed_page_by_page_and_never_another_tenants()
    {
        var tenant = await app.CreateTenantAsync();
        await app.CreateTenantAsync();
        using var owner = app.WithKey(tenant.ApiKey);
        var agent = await AddAsync(owner, "agent");

        var first = await owner.SendAsync("GET", "/api/users?limit=1");
        var second = await owner.SendAsync(
            "GET",
            $"/api/users?limit=1&cursor={first["next_cursor"]}"
        );

        Assert.Equal(tenant.OwnerId.ToString(), first.Json!["items"]![0]!["id"]!.ToString());
        Assert.Equal(agent["id"], second.Json!["items"]![0]!["id"]!.ToString());
        Assert.Null(second.Json!["next_cursor"]);
        Assert.Equal("1", second["seq"]);
        Assert.DoesNotContain("password", second.Json!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_raises_the_version_and_an_empty_one_does_not()
    {
        var tenant = await app.CreateTenantAsync();
        using var owner = app.WithKey(tenant.ApiKey);
        var agent = await AddAsync(owner, "agent");

        var renamed = await owner.SendAsync(
            "PATCH",
            $"/api/users/{agent["id"]}",
            new { name = "Marina" }
        );
        var same = await owner.SendAsync(
            "PATCH",
            $"/api/users/{agent["id"]}",
            new { name = "Marina" }
        );

        Assert.Equal(
            ("Marina", "agent", "2"),
            (renamed["name"], renamed["role"], renamed["version"])
        );
        Assert.Equal("2", same["version"]);
    }

    [Fact]
    public async Task Each_change_is_in_the_live_log_without_the_address()
    {
        var tenant = await app.CreateTenantAsync();
        using var owner = app.WithKey(tenant.ApiKey);
        var agent = await AddAsync(owner, "agent");
        await owner.SendAsync("PATCH", $"/api/users/{agent["id"]}", new { disabled = true });
        await owner.SendAsync("PATCH", $"/api/users/{agent["id"]}", new { disabled = true });

        await using var transaction = await app.Database.BeginAsync(
            tenant.TenantId,
            TestContext.Current.CancellationToken
        );
        var log = await transaction.Connection.QueryAsync<(long, string, string)>(
            "select seq, type, data::text from events order by seq"
        );
        var me = await owner.SendAsync("GET", "/api/me");

        var view =
            $$"""{"user":{"id":"{{agent["id"]}}","name":"The agent","role":"agent","disabled_at":""";
        Assert.Collection(
            log,
            made => Assert.Equal((1L, "user.updated", view + """null,"version":1}}"""), made),
            disabled =>
                Assert.Equal(
                    (2L, "user.updated", view + "\"2026-11-20T10:31:00+00:00\",\"version\":2}}"),
                    disabled
                )
        );
        Assert.Equal("2", me["seq"]);
    }

    [Theory]
    [InlineData("email", "nobody", "Nobody", "agent", "long enough")]
    [InlineData("name", "n@example.com", " ", "agent", "long enough")]
    [InlineData("role", "n@example.com", "Nobody", "king", "long enough")]
    [InlineData("role", "n@example.com", "Nobody", null, "long enough")]
    [InlineData("password", "n@example.com", "Nobody", "agent", "short")]
    public async Task A_bad_field_is_named(
        string field,
        string email,
        string name,
        string? role,
        string password
    )
    {
        var tenant = await app.CreateTenantAsync();
        using var owner = app.WithKey(tenant.ApiKey);

        var answer = await owner.SendAsync(
            "POST",
            "/api/users",
            new
            {
                email,
                name,
                role,
                password,
            }
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(field, Assert.Single(answer.Json!["errors"]!.AsObject()).Key);
    }

    [Fact]
    public async Task An_address_is_taken_whatever_its_case_and_tenant()
    {
        var tenant = await app.CreateTenantAsync();
        using var owner = app.WithKey((await app.CreateTenantAsync()).ApiKey);

        var answer = await AddAsync(owner, "agent", tenant.Email.ToUpperInvariant());

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
    }

    [Fact]
    public async Task An_admin_rules_over_all_but_owners()
    {
        var tenant = await app.CreateTenantAsync();
        using var owner = app.WithKey(tenant.ApiKey);
        var adminEmail = $"admin-{Guid.CreateVersion7():N}@example.com";
        await AddAsync(owner, "admin", adminEmail);
        var agent = await AddAsync(owner, "agent");
        using var admin = app.Browser();
        await admin.SignInAsync(adminEmail);
        Task<Answer> Patch(object id, object change) =>
            admin.SendAsync("PATCH", $"/api/users/{id}", change);

        Assert.Equal(HttpStatusCode.OK, (await Patch(agent["id"]!, new { role = "admin" })).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await Patch(agent["id"]!, new { role = "owner" })).Status
        );
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await Patch(tenant.OwnerId, new { name = "Mine" })).Status
        );
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await Patch(tenant.OwnerId, new { disabled = true })).Status
        );
        var reset = await admin.SendAsync(
            "POST",
            $"/api/users/{tenant.OwnerId}/reset-password",
            new { password = "taken over" }
        );
        Assert.Equal(HttpStatusCode.Forbidden, reset.Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await AddAsync(admin, "owner")).Status);
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("agent")]
    public async Task Those_below_an_admin_read_the_team_and_change_nothing(string role)
    {
        var tenant = await app.CreateTenantAsync();
        using var owner = app.WithKey(tenant.ApiKey);
        var key = await owner.SendAsync("POST", "/api/api-keys", new { name = role, role });
        using var client = app.WithKey(key["key"]!);

        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync("GET", "/api/users")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await AddAsync(client, "viewer")).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await client.SendAsync("GET", "/api/api-keys")).Status
        );
    }

    [Fact]
    public async Task The_last_owner_stays_one()
    {
        var tenant = await app.CreateTenantAsync();
        using var owner = app.WithKey(tenant.ApiKey);

        var demoted = await owner.SendAsync(
            "PATCH",
            $"/api/users/{tenant.OwnerId}",
            new { role = "admin" }
        );
        var disabled = await owner.SendAsync(
            "PATCH",
            $"/api/users/{tenant.OwnerId}",
            new { disabled = true }
        );

        Assert.Equal(HttpStatusCode.Conflict, demoted.Status);
        Assert.Equal(HttpStatusCode.Conflict, disabled.Status);
    }

    [Fact]
    public async Task Two_owners_who_demote_each_other_leave_one()
    {
        var tenant = await app.CreateTenantAsync();
        using var owner = app.WithKey(tenant.ApiKey);
        for (var round = 0; round < 10; round++)
        {
            var other = await AddAsync(owner, "owner");
            var answers = await Task.WhenAll(
                owner.SendAsync("PATCH", $"/api/users/{tenant.OwnerId}", new { role = "admin" }),
                owner.SendAsync("PATCH", $"/api/users/{other["id"]}", new { role = "admin" })
            );

            Assert.Contains(answers, answer => answer.Status == HttpStatusCode.OK);
            Assert.Contains(
                answers,
                answer => answer.Status is HttpStatusCode.Conflict or HttpStatusCode.Forbidden
            );
            await RestoreAsync(tenant.OwnerId, other["id"]!);
        }
    }

    [Fact]
    public async Task A_new_password_needs_the_old_one_and_ends_the_other_sessions()
    {
        var tenant = await app.CreateTenantAsync();
        using var here = app.Browser();
        using var elsewhere = app.Browser();
        await here.SignInAsync(tenant.Email);
        await elsewhere.SignInAsync(tenant.Email);
        const string NewPassword = "a new password";

        var wrong = await here.SendAsync(
            "POST",
            "/api/me/password",
            new { current_password = "guess", new_password = NewPassword }
        );
        var right = await here.SendAsync(
            "POST",
            "/api/me/password",
            new { current_password = TestTenant.Password, new_password = NewPassword }
        );

        Assert.Equal("current_password", Assert.Single(wrong.Json!["errors"]!.AsObject()).Key);
        Assert.Equal(HttpStatusCode.NoContent, right.Status);
        Assert.Equal(HttpStatusCode.OK, (await here.SendAsync("GET", "/api/me")).Status);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await elsewhere.SendAsync("GET", "/api/me")).Status
        );
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await app.Browser().SignInAsync(tenant.Email)).Status
        );
        Assert.Equal(
            HttpStatusCode.OK,
            (await app.Browser().SignInAsync(tenant.Email, NewPassword)).Status
        );
    }

    [Fact]
    public async Task Guesses_at_ones_own_password_are_locked_out_and_told_for_how_long()
    {
        var tenant = await app.CreateTenantAsync();
        using var browser = app.Browser();
        await browser.SignInAsync(tenant.Email);
        var guess = new { current_password = "guess", new_password = "a new password" };
        for (var attempt = 1; attempt <= SignInLock.AllowedFailures; attempt++)
            await browser.SendAsync("POST", "/api/me/password", guess);

        var locked = await browser.SendAsync("POST", "/api/me/password", guess);

        Assert.Equal(HttpStatusCode.TooManyRequests, locked.Status);
        Assert.Equal("60", locked.Headers["Retry-After"]);
    }

    private static Task<Answer> AddAsync(TestBrowser client, string role, string? email = null) =>
        client.SendAsync(
            "POST",
            "/api/users",
            new
            {
                email = email ?? $"{role}-{Guid.CreateVersion7():N}@example.com",
                name = $"The {role}",
                role,
                password = TestTenant.Password,
            }
        );

    private async Task RestoreAsync(Guid owner, string other)
    {
        await using var migrator = await app.Database.Migrator.OpenConnectionAsync();
        await using var restore = migrator.CreateCommand();
        restore.CommandText =
            "update users set role = case when id = $1 then 'owner' else 'viewer' end where id in ($1, $2)";
        restore.Parameters.AddWithValue(owner);
        restore.Parameters.AddWithValue(Guid.Parse(other));
        await restore.ExecuteNonQueryAsync();
    }
}
