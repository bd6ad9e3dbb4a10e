namespace FlowChat.Queues.Redis.Resp;

/// <summary>The server understood and refused: it is alive, and the command had no effect unless a script says so.</summary>
internal sealed class RedisException(string message) : Exception(message)
{
    /// <summary>The first word of the error: ERR, NOGROUP, OOM, WRONGTYPE…</summary>
    public string Code { get; } = CodeOf(ScriptRefusal.Unwrap(message));

    private static string CodeOf(string error) =>
        error.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end ? error[..end] : error;
}
