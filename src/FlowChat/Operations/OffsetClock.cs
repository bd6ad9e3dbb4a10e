using System.Globalization;

namespace FlowChat.Operations;

/// <summary>
/// The machine's time of day, moved by the seconds in a file: how ./dev chaos lets the clocks of processes jump. Timers
/// go by the machine's own, as they do when a clock is set.
/// </summary>
internal sealed class OffsetClock(string file) : TimeProvider
{
    /// <summary>Names the file. For tests: nothing describes it to operators.</summary>
    public const string Setting = "FLOWCHAT_TEST_CLOCK";

    private static readonly TimeSpan ReadAgain = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private TimeSpan _offset;
    private long? _readAt;

    public static TimeProvider Read(IConfiguration configuration) =>
        configuration[Setting] is { Length: > 0 } file ? new OffsetClock(file) : System;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            if (_readAt is not { } at || GetElapsedTime(at) > ReadAgain)
            {
                _offset = TimeSpan.FromSeconds(
                    int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture)
                );
                _readAt = GetTimestamp();
            }
            return System.GetUtcNow() + _offset;
        }
    }
}
