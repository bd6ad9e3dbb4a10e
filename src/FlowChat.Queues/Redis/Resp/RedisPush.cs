namespace FlowChat.Queues.Redis.Resp;

/// <summary>What a server says without being asked.</summary>
internal static class RedisPush
{
    /// <summary>RESP2 has no pushes: what is published comes as a list that begins like this.</summary>
    public static bool IsIn(RedisReply reply) =>
        reply is { Kind: RedisKind.Array, Count: 3 } && (IsMessage(reply) || IsSubscribed(reply));

    public static bool IsMessage(RedisReply push) => push[0].Bytes.Span.SequenceEqual("message"u8);

    public static bool IsSubscribed(RedisReply push) =>
        push[0].Bytes.Span.SequenceEqual("subscribe"u8);
}
