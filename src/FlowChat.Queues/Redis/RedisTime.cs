namespace FlowChat.Queues.Redis;

/// <summary>Times as scripts have them: microseconds since 1970, which a Lua number holds exactly.</summary>
internal static class RedisTime
{
    private static readonly long Last = ToMicros(DateTimeOffset.MaxValue);

    public static bool IsDate(long micros) => micros >= 0 && micros <= Last;

    public static long ToMicros(DateTimeOffset date) =>
        (date - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public static long ToMicros(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset ToDate(long micros) => DateTimeOffset.UnixEpoch + ToSpan(micros);

    public static DateTimeOffset? ToDate(long? micros) =>
        micros is { } value ? ToDate(value) : null;

    public static TimeSpan ToSpan(long micros) => new(micros * TimeSpan.TicksPerMicrosecond);
}
