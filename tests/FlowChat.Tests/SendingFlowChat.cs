namespace FlowChat.Tests;

/// <summary>One FlowChat with workers for all tests of a class; each test connects a number of its own.</summary>
public sealed class SendingFlowChat(SharedPostgres postgres) : IAsyncLifetime
{
    public FlowChatServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Server = await FlowChatServer.StartAsync(await postgres.CreateDatabaseAsync());

    public Task<TestNumber> ConnectAsync(CancellationToken cancellationToken) =>
        TestNumber.ConnectAsync(Server, cancellationToken);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
