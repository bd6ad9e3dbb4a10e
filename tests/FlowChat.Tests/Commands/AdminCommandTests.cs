using System.CommandLine;
using FlowChat.Accounts;
using FlowChat.Commands;
using FlowChat.Tests.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Tests.Commands;

public sealed class AdminCommandTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    private readonly string _id = Guid.CreateVersion7().ToString("N");

    private string Email => $"{_id}@example.com";

    [Fact]
    public async Task A_tenant_is_made_with_an_owner_who_signs_in_and_operates_nothing()
    {
        var (exit, output) = await RunAsync(
            "create-tenant",
            "--name",
            "Acme",
            "--email",
            Email.ToUpperInvariant()
        );

        var signedIn = await SignInAsync(PasswordIn(output));
        Assert.Equal(0, exit);
        Assert.Equal((Role.Owner, false), (signedIn.Caller.Role, signedIn.Caller.IsOperator));
    }

    [Fact]
    public async Task A_user_joins_the_tenant_that_is_named()
    {
        var tenant = await app.CreateTenantAsync();
        await app.CreateTenantAsync();
        string[] user =
        [
            "create-user",
            "--email",
            Email,
            "--name",
            "Ana",
            "--role",
            "viewer",
            "--password",
            "a password",
        ];

        var unnamed = await RunAsync(user);
        var named = await RunAsync([.. user, "--tenant", tenant.TenantId.ToString()]);
        var again = await RunAsync([.. user, "--tenant", tenant.TenantId.ToString()]);

        Assert.Equal(1, unnamed.Exit);
        Assert.Equal(0, named.Exit);
        Assert.Equal(1, again.Exit);
        var signedIn = await SignInAsync("a password");
        Assert.Equal(
            (tenant.TenantId, Role.Viewer),
            (signedIn.Caller.TenantId, signedIn.Caller.Role)
        );
    }

    [Fact]
    public async Task A_reset_lets_a_locked_user_in_and_ends_the_sessions()
    {
        var tenant = await app.CreateTenantAsync();
        using var browser = app.Browser();
        await browser.SignInAsync(tenant.Email);
        using var guesser = app.Browser();
        for (var attempt = 0; attempt < SignInLock.AllowedFailures; attempt++)
            await guesser.SignInAsync(tenant.Email, "wrong");

        var (exit, output) = await RunAsync("reset-password", "--email", tenant.Email);

        Assert.Equal(0, exit);
        Assert.Equal(401, (int)(await browser.SendAsync("GET", "/api/me")).Status);
        Assert.Equal(
            200,
            (int)(await browser.SignInAsync(tenant.Email, PasswordIn(output))).Status
        );
    }

    [Theory]
    [InlineData("reset-password", "--email", "nobody@example.com")]
    [InlineData("reset-password", "--email", "nonsense")]
    [InlineData("create-tenant", "--name", "Acme")]
    [InlineData("create-user", "--email", "a@example.com", "--name", "A", "--role", "king")]
    [InlineData("create-user", "--email", "a@example.com", "--name", "A", "--password", "short")]
    public async Task What_cannot_be_done_exits_with_an_error(params string[] arguments)
    {
        var (exit, output) = await RunAsync(arguments);

        Assert.Equal(1, exit);
        Assert.NotEmpty(output);
    }

    [Theory]
    [InlineData("create-tenant")]
    [InlineData("create-user")]
    [InlineData("reset-password")]
    public async Task Each_explains_itself_without_a_database(string command)
    {
        using var output = new StringWriter();
        var admin = AdminCommand.Build(_ =>
            throw new InvalidOperationException("No services are needed.")
        );
        var exit = await new RootCommand { admin }
            .Parse(["admin", command, "--help"])
            .InvokeAsync(
                new InvocationConfiguration { Output = output },
                TestContext.Current.CancellationToken
            );

        Assert.Equal(0, exit);
        Assert.Contains("--email", output.ToString(), StringComparison.Ordinal);
    }

    private async Task<(int Exit, string Output)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        var exit = await AdminCommand
            .Build(_ => Task.FromResult(app.Services))
            .Parse(arguments)
            .InvokeAsync(
                new InvocationConfiguration { Output = output, Error = output },
                TestContext.Current.CancellationToken
            );
        return (exit, output.ToString());
    }

    private static string PasswordIn(string output) =>
        output.Split("Password: ")[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];

    private async Task<SignInResult.SignedIn> SignInAsync(string password) =>
        Assert.IsType<SignInResult.SignedIn>(
            await app
                .Services.GetRequiredService<SignIn>()
                .TryAsync(Email, password, TestContext.Current.CancellationToken)
        );
}
