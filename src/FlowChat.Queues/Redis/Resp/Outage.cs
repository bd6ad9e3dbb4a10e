namespace FlowChat.Queues.Redis.Resp;

/// <summary>The refusals of a server that can't serve anybody now: to a caller the same as if it were away.</summary>
internal static class Outage
{
    public static bool IsIn(RedisReply error) =>
        IsForThisServer(error)
        || Starts(error, "LOADING"u8)
        || Starts(error, "CLUSTERDOWN"u8)
        || Starts(error, "BUSY "u8)
        || Starts(error, "MISCONF"u8)
        || Starts(error, "NOREPLICAS"u8);

    /// <summary>It isn't the master any more: another one is.</summary>
    public static bool IsForThisServer(RedisReply error) =>
        Starts(error, "READONLY"u8) || Starts(error, "MASTERDOWN"u8);

    private static bool Starts(RedisReply error, ReadOnlySpan<byte> code) =>
        error.Bytes.Span.StartsWith(code);
}
