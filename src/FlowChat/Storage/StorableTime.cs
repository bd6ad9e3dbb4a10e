namespace FlowChat.Storage;

/// <summary>PostgreSQL keeps microseconds: a finer time would be another one when it is read back.</summary>
internal static class StorableTime
{
    public static DateTimeOffset GetStorableNow(this TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }
}
