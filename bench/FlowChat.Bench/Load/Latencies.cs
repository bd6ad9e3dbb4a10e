namespace FlowChat.Bench.Load;

/// <summary>Every latency of a run, in ticks of the time provider: exact percentiles need all of them.</summary>
internal sealed class Latencies(int capacity, TimeProvider time)
{
    private long[] values = new long[capacity];
    private int count;

    public int Count => count;

    /// <summary>From many threads at once.</summary>
    public void Add(long since)
    {
        var elapsed = time.GetTimestamp() - since;
        var index = Interlocked.Increment(ref count) - 1;
        if (index < values.Length)
            values[index] = elapsed;
    }

    /// <summary>After the last <see cref="Add"/>.</summary>
    public void Sort()
    {
        if (count > values.Length)
            throw new InvalidOperationException(
                $"Room for {values.Length} latencies, but {count} came."
            );
        Array.Resize(ref values, count);
        Array.Sort(values);
    }

    public double Milliseconds(double quantile) =>
        count == 0
            ? double.NaN
            : values[(int)Math.Min(count - 1, Math.Floor(quantile * count))]
                * 1000.0
                / time.TimestampFrequency;
}
