using FlowChat.Queues.Redis.Resp.Cluster;
using FlowChat.Queues.Redis.Resp.Sentinel;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Redis.Resp;

/// <summary>
/// One Redis for a whole process. Commands share a connection and go out in few writes; what waits at the server has a
/// connection of its own. It connects by itself and goes on trying.
/// </summary>
internal sealed class RedisClient : IAsyncDisposable
{
    private readonly RedisOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<RedisClient> logger;
    private readonly RedisDialer dialer;
    private readonly IRedisServers servers;

    public RedisClient(RedisOptions options, TimeProvider time, ILogger<RedisClient> logger)
    {
        this.options = options;
        this.time = time;
        this.logger = logger;
        dialer = new RedisDialer(options, time);
        servers = Servers();
    }

    /// <summary>An error inside a list is an item of it; one in place of the reply is thrown.</summary>
    /// <exception cref="RedisException">The server refused.</exception>
    /// <exception cref="QueueUnavailableException">It is away or silent: what became of the command may be unknown.</exception>
    public ValueTask<RedisReply> SendAsync(
        RedisCommand command,
        CancellationToken cancellationToken
    ) => servers.SendAsync(command, cancellationToken);

    /// <summary>As <see cref="SendAsync"/>, to each server that has one of the keys; to any, without keys.</summary>
    public ValueTask<IReadOnlyList<RedisReply>> SendToOwnersAsync(
        RedisCommand command,
        IEnumerable<string> keys,
        CancellationToken cancellationToken
    ) => servers.SendToOwnersAsync(command, keys, cancellationToken);

    /// <summary>Runs the script on the server of its first key, which gets to know it when it doesn't.</summary>
    public ValueTask<RedisReply> EvaluateAsync(
        RedisScript script,
        ReadOnlySpan<RedisValue> keys,
        ReadOnlySpan<RedisValue> arguments,
        CancellationToken cancellationToken
    )
    {
        RedisValue[] words = [keys.Length, .. keys, .. arguments];
        return EvaluateAsync(script, words, cancellationToken);
    }

    /// <summary>A connection of its own to the server of the key.</summary>
    public async Task<RedisBlockingConnection> OpenBlockingAsync(
        string key,
        CancellationToken cancellationToken
    ) =>
        new(
            await servers.DialAsync(key, ConnectionUse.Waiting, cancellationToken),
            dialer,
            servers,
            key,
            options.BlockingGrace,
            time
        );

    /// <summary>It connects by itself, and again; the first message says that it stands.</summary>
    public RedisSubscription Subscribe(params string[] channels) =>
        new(servers, channels, options, time, logger);

    public ValueTask DisposeAsync() => servers.DisposeAsync();

    private async ValueTask<RedisReply> EvaluateAsync(
        RedisScript script,
        RedisValue[] words,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await SendAsync(
                new RedisCommand("EVALSHA", [script.Sha, .. words]),
                cancellationToken
            );
        }
        catch (RedisException e) when (e.Code == "NOSCRIPT")
        {
            // EVAL runs it and keeps it.
            return await SendAsync(
                new RedisCommand("EVAL", [script.Text, .. words]),
                cancellationToken
            );
        }
    }

    private IRedisServers Servers()
    {
        switch (options.Topology)
        {
            case RedisTopology.Cluster:
                return new RedisCluster(options, dialer, time, logger);
            case RedisTopology.Sentinel:
                return new RedisMaster(
                    new SentinelMaster(options, time).DialAsync,
                    options,
                    time,
                    logger
                );
            default:
                return new RedisMaster(
                    (use, ct) => dialer.DialAsync(options.Endpoints[0], use, ct),
                    options,
                    time,
                    logger
                );
        }
    }
}
