namespace FlowChat.Queues.Redis.Resp;

/// <summary>The server understood and refused: it is alive, and the command had no effect unless a script says so.</summary>
internal sealed class RedisException(string message) : Exception(message)
{
    /// <summary>The first word of the error: ERR, NOGROUP, OOM, WRONGTYPE…</summary>
    public string Code =>
        Message.AsSpan().IndexOf(' ') is > 0 and var end ? Message[..end] : Message;
}
