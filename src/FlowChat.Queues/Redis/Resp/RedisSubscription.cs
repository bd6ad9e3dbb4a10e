using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Redis.Resp;

/// <summary>What was published; without a channel it says that the subscription stands (again), and all before may be lost.</summary>
internal readonly record struct RedisMessage(string? Channel, ReadOnlyMemory<byte> Content);

/// <summary>A connection of its own that listens, and subscribes again whenever it had to be made anew.</summary>
internal sealed class RedisSubscription : IAsyncDisposable
{
    private const int Kept = 1024;

    private static readonly TimeSpan BetweenPings = TimeSpan.FromSeconds(10);
    private static readonly RedisCommand Ping = new("PING");

    private readonly string[] channels;
    private readonly Channel<RedisMessage> messages = Channel.CreateBounded<RedisMessage>(
        new BoundedChannelOptions(Kept) { FullMode = BoundedChannelFullMode.DropOldest }
    );
    private readonly RedisLink link;
    private readonly ITimer pinging;

    public RedisSubscription(
        IRedisServers servers,
        string[] channels,
        RedisOptions options,
        TimeProvider time,
        ILogger logger
    )
    {
        this.channels = channels;
        link = new RedisLink(ct => SubscribeAsync(servers, ct), options, time, logger);
        // Nobody asks on this connection, so nobody else would see that its server is gone.
        pinging = time.CreateTimer(_ => _ = PingAsync(), null, BetweenPings, BetweenPings);
    }

    /// <summary>Who reads too slowly loses the oldest.</summary>
    public IAsyncEnumerable<RedisMessage> ReadAllAsync(CancellationToken cancellationToken) =>
        messages.Reader.ReadAllAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await pinging.DisposeAsync();
        await link.DisposeAsync();
        messages.Writer.TryComplete();
    }

    private async Task<RedisConnection> SubscribeAsync(
        IRedisServers servers,
        CancellationToken cancellationToken
    )
    {
        var connection = await servers.DialAsync(
            channels[0],
            ConnectionUse.Listening(Take),
            cancellationToken
        );
        connection.Post(
            new RedisCommand("SUBSCRIBE", [.. channels.Select(channel => (RedisValue)channel)])
        );
        return connection;
    }

    private void Take(RedisReply push)
    {
        if (RedisPush.IsMessage(push))
            messages.Writer.TryWrite(new RedisMessage(push[1].Text, push[2].Bytes));
        else if (RedisPush.IsSubscribed(push) && push[2].Integer == channels.Length)
            messages.Writer.TryWrite(default);
    }

    private async Task PingAsync()
    {
        try
        {
            await link.SendAsync(Ping, CancellationToken.None);
        }
        catch (QueueUnavailableException)
        {
            // The link has seen it too, and connects again.
        }
    }
}
