using FlowChat.Queues.Redis;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>One Redis for a class, one prefix of names for each test.</summary>
public class RedisFixture : IAsyncLifetime
{
    private RedisServer server = null!;
    private int stores;

    protected virtual bool IsDurable => false;

    protected virtual string[] Settings => [];

    public string Url => server.Url;

    public async ValueTask InitializeAsync() =>
        server = await RedisServer.StartedAsync(CancellationToken.None, IsDurable, Settings);

    public RedisQueueStore CreateStore(Action<RedisQueueOptions>? configure = null) =>
        new(server.Url, NewPrefix(), configure);

    /// <summary>Its clock goes on in all partitions of a queue.</summary>
    public RedisQueueStore CreateDividedStore() => new(server.Url, NewPrefix(), nodes: ["any"]);

    /// <summary>The same server by another way.</summary>
    public RedisQueueStore CreateStore(string url) => new(url, NewPrefix());

    private string NewPrefix() => $"t{Interlocked.Increment(ref stores)}:";

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>With an append-only file.</summary>
public sealed class DurableRedisFixture : RedisFixture
{
    protected override bool IsDurable => true;
}

/// <summary>Its clients can speak RESP2 alone, as with a server that knows no HELLO.</summary>
public sealed class OldRedisFixture : RedisFixture
{
    protected override string[] Settings => ["--rename-command", "HELLO", ""];
}
