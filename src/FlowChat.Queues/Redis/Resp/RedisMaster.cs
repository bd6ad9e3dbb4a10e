using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Redis.Resp;

/// <summary>One server that has all keys, wherever it is at the moment.</summary>
internal sealed class RedisMaster : IRedisServers
{
    private readonly RedisDialer dialer;
    private readonly Func<CancellationToken, Task<RedisEndpoint>> find;
    private readonly RedisLink link;

    public RedisMaster(
        RedisDialer dialer,
        Func<CancellationToken, Task<RedisEndpoint>> find,
        TimeProvider time,
        ILogger logger
    )
    {
        this.dialer = dialer;
        this.find = find;
        link = new RedisLink(ct => DialAsync("", null, ct), time, logger);
    }

    public ValueTask<RedisReply> SendAsync(
        RedisCommand command,
        CancellationToken cancellationToken
    ) => link.SendAsync(command, cancellationToken);

    public async Task<RedisConnection> DialAsync(
        string key,
        Action<RedisReply>? onPush,
        CancellationToken cancellationToken
    ) => await dialer.DialAsync(await find(cancellationToken), cancellationToken, onPush);

    public ValueTask DisposeAsync() => link.DisposeAsync();
}
