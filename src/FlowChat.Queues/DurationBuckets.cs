using System.Numerics;

namespace FlowChat.Queues;

/// <summary>Durations counted in buckets, four to each doubling from 1 µs to a day, so that counts of many processes add up.</summary>
public static class DurationBuckets
{
    private const int Doublings = 37;
    private const int PerDoubling = 4;

    /// <summary>How many there are.</summary>
    public const int Count = Doublings * PerDoubling;

    /// <summary>The bucket that counts the duration.</summary>
    public static int IndexOf(TimeSpan duration)
    {
        var microseconds = (ulong)Math.Max(1, duration.Ticks / TimeSpan.TicksPerMicrosecond);
        var doubling = BitOperations.Log2(microseconds);
        var quarter = (int)((microseconds << 2 >> doubling) & 3);
        return Math.Min(Count - 1, doubling * PerDoubling + quarter);
    }

    /// <summary>The duration that a share of all counted ones doesn't exceed, right within an eighth.</summary>
    /// <param name="counts">By bucket.</param>
    /// <param name="share">0.5 is the median.</param>
    /// <returns>Null when nothing is counted.</returns>
    public static TimeSpan? Percentile(IReadOnlyList<long> counts, double share)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var rank = Math.Max(1, (long)Math.Ceiling(counts.Sum() * share));
        for (var (i, seen) = (0, 0L); i < counts.Count; i++)
            if ((seen += counts[i]) >= rank)
                return Middle(i);
        return null;
    }

    private static TimeSpan Middle(int index)
    {
        var (doubling, quarter) = Math.DivRem(index, PerDoubling);
        return TimeSpan.FromMicroseconds(Math.ScaleB((PerDoubling + quarter + 0.5) / 4, doubling));
    }
}
