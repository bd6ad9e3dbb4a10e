using System.Globalization;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>
/// Whether Redis keeps what it is given. One that makes room by throwing keys away throws streams and groups away under
/// the policies for all keys. Those for keys with a time to live hit what a limit key has begun, by which its rate is
/// kept. One that is full takes nothing more.
/// </summary>
internal static class EvictionPolicy
{
    private const string Policy = "maxmemory_policy:",
        Limit = "maxmemory:",
        Used = "used_memory:";

    /// <summary>Asks each server that has one of the queues: the nodes of a cluster have policies of their own.</summary>
    public static async ValueTask<IReadOnlyList<string>> CheckAsync(
        RedisClient client,
        IReadOnlyCollection<RedisPartitions> queues,
        CancellationToken cancellationToken
    )
    {
        var infos = await client.SendToOwnersAsync(
            new RedisCommand("INFO", "memory"),
            queues.SelectMany(queue => queue.Streams),
            cancellationToken
        );
        var haveKeyRates = queues.Any(queue => queue.Options.KeyRate is not null);
        return
        [
            .. infos
                .SelectMany(info => Check(info.Text, haveKeyRates))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    internal static IReadOnlyList<string> Check(string info, bool haveKeyRates = false)
    {
        var lines = info.Split("\r\n");
        var policy = Value(lines, Policy);
        // Also without a limit: the day that one is set is too late.
        if (policy.StartsWith("allkeys", StringComparison.Ordinal))
            return
            [
                $"Redis may evict jobs: its maxmemory-policy is {policy}, and should be noeviction.",
            ];
        if (haveKeyRates && policy.StartsWith("volatile", StringComparison.Ordinal))
            return
            [
                $"Redis may forget what has begun, and exceed a key's rate: its maxmemory-policy is {policy}, and should be noeviction.",
            ];
        return Number(lines, Limit) is > 0 and var limit && Number(lines, Used) >= limit
            ? [$"Redis is full and takes no jobs: raise its maxmemory, {limit} bytes."]
            : [];
    }

    private static long Number(string[] lines, string name) =>
        long.TryParse(Value(lines, name), CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    private static string Value(string[] lines, string name) =>
        Array.Find(lines, line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..]
        ?? "";
}
