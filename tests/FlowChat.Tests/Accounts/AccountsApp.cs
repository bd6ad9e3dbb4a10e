using System.Text.Json;
using FlowChat.Accounts;
using FlowChat.Live;
using FlowChat.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlowChat.Tests.Accounts;

/// <summary>The account routes over real HTTP on a database of their own, with a clock that stands still.</summary>
public sealed class AccountsApp(SharedPostgres postgres) : IAsyncLifetime
{
    private WebApplication _app = null!;

    internal FakeClock Clock { get; } = new();
    internal RecordingHasher Hasher { get; } = new();
    internal Database Database { get; private set; } = null!;
    internal IServiceProvider Services => _app.Services;
    internal Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = new Database(await postgres.CreateDatabaseAsync());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower
        );
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton(Database);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton<LiveSignal>();
        builder.Services.AddAccounts();
        builder.Services.AddSingleton<IPasswordHasher<Passwords>>(Hasher);
        _app = builder.Build();
        _app.UseAccounts();
        _app.MapAccounts();
        _app.MapGet("/socket", () => "upgraded").RequireAuthorization(Policies.Viewer);
        _app.MapPost("/operate", () => "operated").RequireAuthorization(Policies.Operator);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>A tenant of the test's own, so that tests can run beside each other.</summary>
    internal async Task<TestTenant> CreateTenantAsync(bool isOperator = false)
    {
        var email = $"owner-{Guid.CreateVersion7():N}@example.com";
        var tenant = new NewTenant(
            "Acme",
            email,
            "Olivia Owner",
            Hasher.HashPassword(null!, TestTenant.Password)
        )
        {
            IsOperator = isOperator,
            ApiKey = SecretToken.Create(SecretToken.ApiKeyPrefix),
        };
        await using var connection = await Database.Migrator.OpenConnectionAsync();
        await tenant.InsertAsync(connection, CancellationToken.None);
        return new TestTenant(tenant.TenantId, tenant.OwnerId, email, tenant.ApiKey);
    }

    /// <summary>A browser's view: it keeps cookies, and sends what the test tells it.</summary>
    internal TestBrowser Browser() => new(Address);

    internal TestBrowser WithKey(string key)
    {
        var client = Browser();
        client.Headers["Authorization"] = $"Bearer {key}";
        return client;
    }
}

internal sealed record TestTenant(Guid TenantId, Guid OwnerId, string Email, string ApiKey)
{
    public const string Password = "correct horse battery";
}
