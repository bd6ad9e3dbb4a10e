using FlowChat.Testing.Api;

namespace FlowChat.Tests;

/// <summary>One FlowChat for all tests of a class.</summary>
public sealed class RunningFlowChat(SharedPostgres postgres) : IAsyncLifetime
{
    private FlowChatServer _server = null!;

    internal IServiceProvider Services => _server.Services;
    internal Uri Address => _server.BaseUrl;
    internal FlowChatClient Client => _server.Client;

    public async ValueTask InitializeAsync() =>
        _server = await FlowChatServer.StartAsync(
            await postgres.CreateDatabaseAsync(),
            workers: false
        );

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
