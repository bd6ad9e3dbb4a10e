namespace FlowChat.Queues.Redis;

/// <summary>How the queues are named in Redis, and how much they may hold.</summary>
public sealed class RedisQueueOptions
{
    /// <summary>
    /// What precedes a queue's name in its stream's. A hash tag in it (<c>{chat}:</c>) puts all queues in one slot of a
    /// cluster. Default: <c>chat:stream:</c>, each queue in a slot of its own.
    /// </summary>
    public string Prefix { get; set; } = "chat:stream:";

    /// <summary>The consumer group of every stream. Default: <c>chat_send_workers</c>.</summary>
    public string Group { get; set; } = "chat_send_workers";

    /// <summary>The streams whose names, after the prefix, differ from their queues'. Default: none.</summary>
    public IDictionary<string, string> StreamNames { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// How many jobs of a queue may live, the dead not counted. Beyond it adding throws
    /// <see cref="QueueFullException"/>; nothing is ever trimmed. Default: null, as many as the memory holds.
    /// </summary>
    public int? MaxLength { get; set; }

    /// <summary>The stream with a copy of the last dead letters of all queues. Default: <c>dead_letter</c>; empty for none.</summary>
    public string DeadLetterName { get; set; } = "dead_letter";

    /// <summary>How many the copy holds, about. Default: 2,000.</summary>
    public int DeadLetterMaxLength { get; set; } = 2000;

    /// <summary>
    /// From how many jobs of lanes in one call they go to the intake. It spares the caller and the server most of the
    /// work, and their first begins a round trip later than one that goes to its lane.
    /// </summary>
    internal int LeastForIntake { get; set; } = 64;
}
