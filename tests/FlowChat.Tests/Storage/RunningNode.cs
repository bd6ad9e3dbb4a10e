namespace FlowChat.Tests.Storage;

/// <summary>One node for all tests of a class, on a database that other nodes may join.</summary>
public sealed class RunningNode(SharedPostgres postgres) : IAsyncLifetime
{
    internal FlowChatServer Server { get; private set; } = null!;

    internal string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await postgres.CreateDatabaseAsync();
        Server = await FlowChatServer.StartAsync(ConnectionString, workers: false);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
