using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>The entries in the answer of a script, or to a read of one stream.</summary>
internal static class EntryReply
{
    /// <summary>RESP3 answers a map of streams, RESP2 a list of pairs.</summary>
    private static ReadOnlySpan<RedisReply> Entries(RedisReply reply, bool isScript) =>
        reply.IsNull || reply.Count == 0 ? default
        : reply.Kind == RedisKind.Map ? reply[1].Items
        : isScript ? reply.Items
        : reply[0][1].Items;

    public static bool HasExpiring(RedisReply reply, bool isScript)
    {
        foreach (var entry in Entries(reply, isScript))
            if (PackedJob.Read(entry[1][1].Bytes).ExpiresMicros is not null)
                return true;
        return false;
    }

    public static IReadOnlyList<ClaimedJob> ToJobs(
        RedisReply reply,
        RedisQueue queue,
        string worker,
        bool isRescued
    )
    {
        // Only rescues read by a script.
        var entries = Entries(reply, isScript: isRescued);
        if (entries.IsEmpty)
            return [];
        var now = queue.Now;
        var jobs = new ClaimedJob[entries.Length];
        for (var n = 0; n < jobs.Length; n++)
            jobs[n] = RedisClaim.Read(entries[n], queue.Options.Name, worker, isRescued, now);
        return jobs;
    }
}
