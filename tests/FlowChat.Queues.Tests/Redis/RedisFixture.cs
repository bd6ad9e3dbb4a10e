using FlowChat.Queues.Redis;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>One Redis for a class, one prefix of names for each test.</summary>
public class RedisFixture(bool durable) : IAsyncLifetime
{
    private readonly RedisServer server = new(durable);
    private int stores;

    public RedisFixture()
        : this(durable: false) { }

    public RedisServer Server => server;

    public async ValueTask InitializeAsync() => await server.StartAsync();

    public RedisQueueStore CreateStore(Action<RedisQueueOptions>? configure = null) =>
        new(server.Url, $"t{Interlocked.Increment(ref stores)}:", configure);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
