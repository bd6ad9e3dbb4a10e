namespace FlowChat.Queues.Redis.Resp;

/// <summary>A connection of one caller alone, for reads that wait at the server. Once it has failed, open another one.</summary>
internal sealed class RedisBlockingConnection(
    RedisConnection connection,
    RedisDialer dialer,
    IRedisServers servers,
    string key,
    TimeSpan grace,
    TimeProvider time
) : IAsyncDisposable
{
    private static readonly TimeSpan BetweenUnblocks = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// A read that blocks for so long at the server and outlives that by seconds is dead, and its connection with it. A
    /// cancelled one is unblocked: what it was given until then is returned, never dropped; a null reply otherwise.
    /// </summary>
    /// <exception cref="RedisException">The server refused.</exception>
    /// <exception cref="QueueUnavailableException">It is away or silent.</exception>
    public async ValueTask<RedisReply> SendAsync(
        RedisCommand command,
        TimeSpan blockFor,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var reply = connection.SendAsync(command, blockFor + grace, CancellationToken.None);
        try
        {
            return cancellationToken.CanBeCanceled
                ? await ReadAsync(reply.AsTask(), cancellationToken)
                : await reply;
        }
        catch (RedisException e) when (e.Code is "MOVED" or "ASK")
        {
            servers.Learn(e, connection.Endpoint);
            connection.Abort($"{key} is moving to another node.", e);
            throw new QueueUnavailableException(
                $"{key} is moving to another node of the cluster.",
                e
            );
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<RedisReply> ReadAsync(
        Task<RedisReply> reading,
        CancellationToken cancellationToken
    )
    {
        await ((Task)reading)
            .WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!reading.IsCompleted)
            await UnblockAsync(reading);
        return await reading;
    }

    private async Task UnblockAsync(Task reading)
    {
        try
        {
            // The key may have another owner by now, to whom this id is somebody else's.
            await using var other = await dialer.DialAsync(
                connection.Endpoint,
                ConnectionUse.Shared,
                CancellationToken.None
            );
            var unblock = new RedisCommand("CLIENT", "UNBLOCK", connection.Id);
            // The first may come before the read has begun to block.
            do
            {
                await other.SendAsync(unblock, CancellationToken.None);
                await Task.WhenAny(
                    reading,
                    Task.Delay(BetweenUnblocks, time, CancellationToken.None)
                );
            } while (!reading.IsCompleted);
        }
        catch (Exception e) when (e is QueueUnavailableException or RedisException)
        {
            connection.Abort("a read was cancelled, and the server can't be told.", e);
        }
    }
}
