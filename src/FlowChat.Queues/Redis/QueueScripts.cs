using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>The changes of a queue's state, one script each.</summary>
internal static class QueueScripts
{
    public static RedisScript Enqueue { get; } =
        new(RedisScript.Load("enqueue_one").Text + Load("enqueue").Text);
    public static RedisScript ClaimRated { get; } = Change("divide", "claim_rated");
    public static RedisScript Settle { get; } = Change("bury", "settle");
    public static RedisScript BuryOthers { get; } = Change("bury", "bury_others");
    public static RedisScript Remember { get; } = Change("remember");
    public static RedisScript Promote { get; } = Change("divide", "promote");
    public static RedisScript Prepare { get; } = Change("repair", "prepare");
    public static RedisScript Pause { get; } = Change("pause");
    public static RedisScript Rescue { get; } = Change("repair", "rescue");
    public static RedisScript Measure { get; } = Load("measure");
    public static RedisScript LastDelivered { get; } = Load("last_delivered");
    public static RedisScript Partitions { get; } = Change("partitions");
    public static RedisScript FindDead { get; } = Load("find_dead");
    public static RedisScript Discard { get; } = Change("discard");
    public static RedisScript Requeue { get; } = Change("requeue");

    // Only what adds jobs is refused by a server without memory.
    private static RedisScript Change(params string[] parts) =>
        Load([.. parts.Prepend("when_full")]);

    private static RedisScript Load(params string[] parts) =>
        new(string.Concat(parts.Prepend("prelude").Select(part => RedisScript.Load(part).Text)));
}
