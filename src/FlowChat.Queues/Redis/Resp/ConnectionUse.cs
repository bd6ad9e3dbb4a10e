namespace FlowChat.Queues.Redis.Resp;

/// <summary>What a connection is for.</summary>
internal sealed record ConnectionUse
{
    /// <summary>Commands of any number of callers.</summary>
    public static ConnectionUse Shared { get; } = new();

    /// <summary>
    /// One caller's reads that wait. A thread sleeps in the socket and goes on as the caller, which may not block it: one
    /// thread is woken, not the one that polls all sockets, then one that reads and one that goes on.
    /// </summary>
    public static ConnectionUse Waiting { get; } = new() { HasThread = true };

    public bool HasThread { get; private init; }

    public Action<RedisReply>? OnPush { get; private init; }

    public static ConnectionUse Listening(Action<RedisReply> onPush) => new() { OnPush = onPush };
}
