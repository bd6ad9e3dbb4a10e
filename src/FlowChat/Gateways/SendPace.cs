namespace FlowChat.Gateways;

/// <summary>
/// So many messages at once, and one more with each interval. Kept as one time: when all that was taken is there again.
/// </summary>
internal readonly record struct SendPace(TimeSpan Interval, int Burst)
{
    /// <returns>How long the next message has to wait; zero = not at all.</returns>
    public TimeSpan WaitOf(DateTimeOffset? wholeAt, DateTimeOffset now)
    {
        var wait = Take(wholeAt, now) - now - Burst * Interval;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <returns>When it is whole again, once one more has been sent.</returns>
    public DateTimeOffset Take(DateTimeOffset? wholeAt, DateTimeOffset now) =>
        (wholeAt > now ? wholeAt.Value : now) + Interval;
}
