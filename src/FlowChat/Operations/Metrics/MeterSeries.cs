using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace FlowChat.Operations.Metrics;

/// <summary>The value of one set of tags: a number, or a histogram's counts.</summary>
internal sealed class MeterSeries(Tag[] tags, double[] bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public string Labels { get; } = PrometheusText.LabelsOf(tags);

    /// <param name="value">What was measured.</param>
    /// <param name="isAbsolute">It replaces the value; else it is added.</param>
    public void Record(double value, bool isAbsolute)
    {
        var bucket = Array.FindIndex(bounds, bound => value <= bound);
        lock (_gate)
        {
            _counts[bucket < 0 ? bounds.Length : bucket]++;
            _sum = isAbsolute ? value : _sum + value;
        }
    }

    public void Write(PrometheusText text, string name, bool isHistogram)
    {
        lock (_gate)
        {
            if (!isHistogram)
            {
                text.Sample(name, Labels, _sum);
                return;
            }
            long count = 0;
            for (var i = 0; i <= bounds.Length; i++)
            {
                count += _counts[i];
                var bound = i < bounds.Length ? bounds[i] : double.PositiveInfinity;
                text.Sample($"{name}_bucket", PrometheusText.Bucket(Labels, bound), count);
            }
            text.Sample($"{name}_sum", Labels, _sum);
            text.Sample($"{name}_count", Labels, count);
        }
    }
}
