namespace FlowChat.Tests.EndToEnd;

/// <summary>The real clock, set back: what happens now happened then.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    public TimeSpan Ago { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - Ago;
}
