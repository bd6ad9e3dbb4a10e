using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Inbound;

/// <summary>One FlowChat and one gateway for all tests of a class; each test takes lines and people of its own.</summary>
public sealed class InboundFlowChat(SharedPostgres postgres) : IAsyncLifetime
{
    private int _lines;
    private int _people;

    internal FlowChatServer Server { get; private set; } = null!;
    internal FakeEvolution Gateway { get; private set; } = null!;

    /// <summary>The database of <see cref="Server"/>, for what only rows can tell.</summary>
    internal string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Gateway = await FakeEvolution.StartAsync();
        ConnectionString = await postgres.CreateDatabaseAsync();
        Server = await FlowChatServer.StartAsync(ConnectionString);
    }

    /// <summary>A number connected to both, under a name that needs escaping in addresses.</summary>
    internal async Task<WebhookLine> ConnectAsync(CancellationToken ct)
    {
        var name = $"Loja +{Interlocked.Increment(ref _lines)} Centro";
        var instance = await Server.ConnectAsync(Gateway, ct, name);
        // A line posts its webhooks itself, and no others come.
        Gateway.FindInstance(name)!.Webhook = null;
        return new(Server, instance, name);
    }

    internal Person NewPerson() => Person.Number(Interlocked.Increment(ref _people));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Gateway.DisposeAsync();
    }
}
