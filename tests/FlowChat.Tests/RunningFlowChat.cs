using FlowChat.Operations;
using FlowChat.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace FlowChat.Tests;

/// <summary>The whole program in this process, without workers, on a database and a data folder of its own.</summary>
public sealed class RunningFlowChat(SharedPostgres postgres) : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("flowchat-data-");
    private WebApplication _app = null!;

    internal IServiceProvider Services => _app.Services;
    internal Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var settings = FlowChatSettings.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection([
                    new("FLOWCHAT_PORT", "0"),
                    new("FLOWCHAT_DATA", _data.FullName),
                ])
                .Build()
        );
        var builder = FlowChatApp.CreateBuilder();
        builder.AddCore(settings, await postgres.CreateDatabaseAsync());
        builder.AddQueues(settings, workers: false);
        builder.AddWeb(settings);
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapEverything();
        await _app.Services.StartStorageAsync(CancellationToken.None);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
