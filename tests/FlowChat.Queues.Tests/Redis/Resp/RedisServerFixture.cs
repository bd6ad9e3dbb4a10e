using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis.Resp;

/// <summary>One server for the tests of a class that leave it alone.</summary>
public sealed class RedisServerFixture : IAsyncLifetime
{
    public RedisServer Server { get; } = new();

    public async ValueTask InitializeAsync() => await Server.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
