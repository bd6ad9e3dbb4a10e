using FlowChat.Operations;
using FlowChat.Operations.Work;
using FlowChat.Settings;

namespace FlowChat.Commands;

/// <summary>The services for a command that does one thing and ends: no server, no duties.</summary>
internal sealed class CommandServices : IAsyncDisposable
{
    private DatabaseServer? _server;
    private WebApplication? _app;

    public async Task<IServiceProvider> OpenAsync(CancellationToken cancellationToken)
    {
        var builder = FlowChatApp.CreateBuilder();
        var settings = FlowChatSettings.Read(builder.Configuration);
        _server = await DatabaseServer.OpenAsync(
            settings,
            builder.Configuration,
            cancellationToken,
            command: true
        );
        builder.AddCore(settings, _server.ConnectionString);
        builder.AddQueues(settings, workers: false);
        builder.Logging.KeepOutputClean();
        _app = builder.Build();
        var owner = await _app.Services.StartStorageAsync(cancellationToken);
        Welcome.PrintNewOwner(Console.Error, owner);
        return _app.Services;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
