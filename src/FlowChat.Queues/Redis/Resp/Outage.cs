namespace FlowChat.Queues.Redis.Resp;

/// <summary>The refusals of a server that can't serve anybody now: to a caller the same as if it were away.</summary>
internal static class Outage
{
    public static bool IsIn(RedisReply error) =>
        IsForThisServer(error)
        || Starts(error, "LOADING")
        || Starts(error, "CLUSTERDOWN")
        || Starts(error, "BUSY ")
        || Starts(error, "MISCONF")
        || Starts(error, "NOREPLICAS");

    /// <summary>It isn't the master any more: another one is.</summary>
    public static bool IsForThisServer(RedisReply error) =>
        Starts(error, "READONLY") || Starts(error, "MASTERDOWN");

    private static bool Starts(RedisReply error, string code) =>
        ScriptRefusal.Unwrap(error.Text).StartsWith(code, StringComparison.Ordinal);
}
