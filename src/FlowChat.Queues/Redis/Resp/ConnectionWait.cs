namespace FlowChat.Queues.Redis.Resp;

/// <summary>How long a command waits for a connection: one that is being made may have several servers to ask in turn.</summary>
internal static class ConnectionWait
{
    /// <exception cref="QueueUnavailableException">It took too long. The command was not sent.</exception>
    public static async Task<T> ForAsync<T>(
        Task<T> made,
        RedisOptions options,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await made.WaitAsync(options.CommandTimeout, time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new QueueUnavailableException(
                $"No connection to Redis within {options.CommandTimeout.TotalSeconds:0.#} s.",
                e
            );
        }
    }
}
