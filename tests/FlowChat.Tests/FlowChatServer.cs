using FlowChat.Operations;
using FlowChat.Operations.Work;
using FlowChat.Settings;
using FlowChat.Testing;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace FlowChat.Tests;

/// <summary>The whole of FlowChat in this process, on a port and a database of its own. Start two on one database for two nodes.</summary>
public sealed class FlowChatServer : IAsyncDisposable
{
    /// <summary>The owner's.</summary>
    public const string ApiKey = "fck_tests_0123456789abcdef";

    /// <summary>Of every node on one database.</summary>
    public static readonly string MasterKey = Convert.ToBase64String(new byte[32]);

    private readonly WebApplication _app;
    private readonly string _data;

    private FlowChatServer(WebApplication app, string data)
    {
        _app = app;
        _data = data;
        Addresses = [.. app.Urls.Select(url => new Uri(url))];
        Client = new(BaseUrl, ApiKey);
    }

    public Uri BaseUrl => Addresses[0];

    /// <summary>The second is FLOWCHAT_METRICS_BIND, where it is set.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>The owner's, by API key.</summary>
    public FlowChatClient Client { get; }

    internal IServiceProvider Services => _app.Services;

    internal T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <param name="connectionString">A database of <see cref="SharedPostgres.CreateDatabaseAsync"/>, or one that another node uses.</param>
    /// <param name="settings">By their environment names.</param>
    /// <param name="services">Replaces what a test needs otherwise: a clock, a gateway.</param>
    /// <param name="workers">Whether this node runs jobs.</param>
    public static async Task<FlowChatServer> StartAsync(
        string connectionString,
        IReadOnlyDictionary<string, string?>? settings = null,
        Action<IServiceCollection>? services = null,
        bool workers = true
    )
    {
        var data = Directory.CreateTempSubdirectory("flowchat-test-").FullName;
        var builder = FlowChatApp.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["FLOWCHAT_PORT"] = "0",
                ["FLOWCHAT_DATA"] = data,
                ["FLOWCHAT_ADMIN_API_KEY"] = ApiKey,
                // The second node on a database can't make a master key of its own.
                ["FLOWCHAT_MASTER_KEY"] = MasterKey,
                ["DATABASE_URL"] = connectionString,
            }
        );
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        var read = FlowChatSettings.Read(builder.Configuration);
        builder.AddCore(read, connectionString);
        builder.AddQueues(read, workers);
        builder.AddWeb(read);
        builder.Logging.ClearProviders();
        if (Directory.Exists(Checkout.PageFolder))
            builder.Environment.WebRootFileProvider = new PhysicalFileProvider(Checkout.PageFolder);
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapEverything();
        await app.Services.StartStorageAsync(CancellationToken.None);
        await app.StartAsync();
        return new(app, data);
    }

    /// <summary>An Evolution instance here and its counterpart in the fake, which calls the webhook back.</summary>
    public async Task<Instance> ConnectAsync(
        FakeEvolution gateway,
        CancellationToken cancellationToken,
        string name = "loja"
    )
    {
        gateway.AddInstance(name);
        return await Client.CreateEvolutionInstanceAsync(
            "Loja Centro",
            gateway.BaseUrl,
            gateway.ApiKey,
            name,
            cancellationToken
        );
    }

    /// <summary>As SIGTERM does.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
