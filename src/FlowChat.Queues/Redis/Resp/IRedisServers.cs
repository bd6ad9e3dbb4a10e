namespace FlowChat.Queues.Redis.Resp;

/// <summary>Who answers for a key: one master, or the nodes of a cluster.</summary>
internal interface IRedisServers : IAsyncDisposable
{
    ValueTask<RedisReply> SendAsync(RedisCommand command, CancellationToken cancellationToken);

    /// <summary>Sends a command that has no key to each server that has one of these; to any, without keys.</summary>
    ValueTask<IReadOnlyList<RedisReply>> SendToOwnersAsync(
        RedisCommand command,
        IEnumerable<string> keys,
        CancellationToken cancellationToken
    );

    /// <summary>A new connection to the server of the key, for one caller alone.</summary>
    Task<RedisConnection> DialAsync(
        string key,
        ConnectionUse use,
        CancellationToken cancellationToken
    );

    /// <summary>What a refusal on such a connection says about who has the key.</summary>
    void Learn(RedisException refusal, RedisEndpoint from);
}
