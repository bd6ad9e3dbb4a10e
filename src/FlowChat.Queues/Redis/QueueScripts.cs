using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>The changes of a queue's state, one script each.</summary>
internal static class QueueScripts
{
    public static RedisScript Enqueue { get; } =
        new(RedisScript.Load("enqueue_one").Text + Load("enqueue").Text);
    public static RedisScript ClaimRated { get; } = Load("divide", "claim_rated");
    public static RedisScript Settle { get; } = Load("bury", "settle");
    public static RedisScript BuryOthers { get; } = Load("bury", "bury_others");
    public static RedisScript Remember { get; } = Load("remember");
    public static RedisScript Promote { get; } = Load("divide", "promote");
    public static RedisScript Prepare { get; } = Load("repair", "prepare");
    public static RedisScript Pause { get; } = Load("pause");
    public static RedisScript Rescue { get; } = Load("repair", "rescue");
    public static RedisScript Measure { get; } = Load("measure");
    public static RedisScript LastDelivered { get; } = Load("last_delivered");
    public static RedisScript Partitions { get; } = Load("partitions");
    public static RedisScript FindDead { get; } = Load("find_dead");
    public static RedisScript Discard { get; } = Load("discard");
    public static RedisScript Requeue { get; } = Load("requeue");

    private static RedisScript Load(params string[] parts) =>
        new(string.Concat(parts.Prepend("prelude").Select(part => RedisScript.Load(part).Text)));
}
