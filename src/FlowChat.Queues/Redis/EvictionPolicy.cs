using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>
/// A Redis that makes room by throwing keys away throws streams and groups away. Ours have no time to live, so only the
/// policies for all keys can hit them.
/// </summary>
internal static class EvictionPolicy
{
    private const string Policy = "maxmemory_policy:",
        Limit = "maxmemory:";

    public static async ValueTask<IReadOnlyList<string>> CheckAsync(
        RedisClient client,
        CancellationToken cancellationToken
    )
    {
        var info = await client.SendAsync(new RedisCommand("INFO", "memory"), cancellationToken);
        return Check(info.Text);
    }

    internal static IReadOnlyList<string> Check(string info)
    {
        var lines = info.Split("\r\n");
        var policy = Value(lines, Policy);
        return
            policy.StartsWith("allkeys", StringComparison.Ordinal)
            && !string.Equals(Value(lines, Limit), "0", StringComparison.Ordinal)
            ? [$"Redis may evict jobs: its maxmemory-policy is {policy}, and should be noeviction."]
            : [];
    }

    private static string Value(string[] lines, string name) =>
        Array.Find(lines, line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..]
        ?? "";
}
