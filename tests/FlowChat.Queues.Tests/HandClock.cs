namespace FlowChat.Queues.Tests;

/// <summary>A clock that a test sets. Who waits by it has waited at once, and it says for how long.</summary>
internal sealed class HandClock : TimeProvider
{
    private long ticks = TimeSpan.TicksPerDay;

    public List<TimeSpan> Waits { get; } = [];

    /// <summary>What happens while somebody waits.</summary>
    public Action? Meanwhile { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => ticks;

    public void Advance(TimeSpan time) => ticks += time.Ticks;

    public override ITimer CreateTimer(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    )
    {
        Waits.Add(dueTime);
        Advance(dueTime);
        Meanwhile?.Invoke();
        callback(state);
        return new Over();
    }

    private sealed class Over : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
