using FlowChat.Testing.Api;
using FlowChat.Testing.Browser;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Servers;
using Microsoft.Playwright;

namespace FlowChat.Tests.EndToEnd;

/// <summary>FlowChat in a process of its own, with the built page, a gateway beside it and a browser before it.</summary>
public sealed class Inbox(SharedPostgres postgres) : IAsyncLifetime
{
    public const string Email = "marina@example.com";
    public const string Password = "a password for tests";

    private const string ApiKey = "fck_tests_0123456789abcdef";

    private readonly string _data = Directory.CreateTempSubdirectory("flowchat-test-").FullName;
    private Chromium? _chromium;

    public FakeEvolution Gateway { get; private set; } = null!;

    public FlowChatProcess FlowChat { get; private set; } = null!;

    public string ConnectionString { get; private set; } = "";

    /// <summary>Of every node beside it.</summary>
    public string DataFolder => _data;

    public Instance Instance { get; private set; } = null!;

    /// <summary>The owner's, by API key.</summary>
    public FlowChatClient Client { get; private set; } = null!;

    /// <summary>The number that customers write to.</summary>
    public FakeInstance Number { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(30_000);
        Gateway = await FakeEvolution.StartAsync();
        ConnectionString = await postgres.CreateDatabaseAsync();
        FlowChat = await FlowChatProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["DATABASE_URL"] = ConnectionString,
                ["FLOWCHAT_DATA"] = _data,
                ["FLOWCHAT_ADMIN_EMAIL"] = Email,
                ["FLOWCHAT_ADMIN_PASSWORD"] = Password,
                ["FLOWCHAT_ADMIN_API_KEY"] = ApiKey,
                ["FLOWCHAT_MEDIA_MAX_MB"] = "2",
            },
            TestContext.Current.CancellationToken
        );
        Client = new(FlowChat.BaseUrl, ApiKey);
        Number = Gateway.AddInstance("loja");
        Instance = await Client.CreateEvolutionInstanceAsync(
            "Loja Centro",
            Gateway.BaseUrl,
            Gateway.ApiKey,
            Number.Name,
            TestContext.Current.CancellationToken
        );
        Number.Webhook = WebhookTarget.WithSecret(Instance.WebhookUrl!, Instance.WebhookSecret!);
    }

    /// <summary>A window of its own, signed in.</summary>
    internal async Task<AgentWindow> SignInAsync(
        Screen? screen = null,
        string email = Email,
        string password = Password
    )
    {
        Assert.SkipWhen(Chromium.ExecutablePath is null, Chromium.HowToInstall);
        _chromium ??= await Chromium.LaunchAsync();
        var agent = new AgentWindow(await _chromium.OpenAsync(FlowChat.BaseUrl, screen));
        await agent.SignInAsync(email, password);
        return agent;
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        Client.Dispose();
        await FlowChat.DisposeAsync();
        await Gateway.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
