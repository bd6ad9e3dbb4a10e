using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Redis.Resp;

/// <summary>One server that has all keys, wherever it is at the moment.</summary>
internal sealed class RedisMaster(
    Func<ConnectionUse, CancellationToken, Task<RedisConnection>> dial,
    RedisOptions options,
    TimeProvider time,
    ILogger logger
) : IRedisServers
{
    private readonly RedisLink link = new(
        ct => dial(ConnectionUse.Shared, ct),
        options,
        time,
        logger
    );

    public ValueTask<RedisReply> SendAsync(
        RedisCommand command,
        CancellationToken cancellationToken
    ) => link.SendAsync(command, cancellationToken);

    public async ValueTask<IReadOnlyList<RedisReply>> SendToOwnersAsync(
        RedisCommand command,
        IEnumerable<string> keys,
        CancellationToken cancellationToken
    ) => [await link.SendAsync(command, cancellationToken)];

    public Task<RedisConnection> DialAsync(
        string key,
        ConnectionUse use,
        CancellationToken cancellationToken
    ) => dial(use, cancellationToken);

    public void Learn(RedisException refusal, RedisEndpoint from) { }

    public ValueTask DisposeAsync() => link.DisposeAsync();
}
