namespace FlowChat.Queues.Redis.Resp;

/// <summary>What one reply may cost at most, so that a peer that isn't Redis can't fill the memory.</summary>
internal sealed record RespLimits
{
    public static RespLimits Default { get; } = new();

    public int Line { get; init; } = 64 * 1024;

    public int Reply { get; init; } = 256 * 1024 * 1024;

    public int Items { get; init; } = 8 * 1024 * 1024;

    public int Depth { get; init; } = 64;
}
