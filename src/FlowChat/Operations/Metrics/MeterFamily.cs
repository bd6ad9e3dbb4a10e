using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace FlowChat.Operations.Metrics;

/// <summary>One instrument's values, a series for each set of tags.</summary>
internal sealed class MeterFamily
{
    // A tag that takes any value must not fill the memory.
    private const int MostSeries = 1_000;

    // From a job that waits 100 µs for its worker to one that waits minutes for its number.
    private static readonly double[] Seconds =
    [
        0.0001,
        0.00025,
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        30,
        60,
        300,
    ];

    private static readonly double[] Counts = [0, 1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000];

    private readonly string _name;
    private readonly string? _help;
    private readonly string _kind;
    private readonly bool _isAbsolute;
    private readonly double[] _bounds;
    private readonly ConcurrentDictionary<Tag[], MeterSeries> _series = new(TagSets.Same);
    private readonly ConcurrentDictionary<Tag[], MeterSeries>.AlternateLookup<
        ReadOnlySpan<Tag>
    > _byTags;

    public MeterFamily(string name, Instrument instrument)
    {
        _name = name;
        _help = instrument.Description;
        _kind = PrometheusText.KindOf(instrument);
        _isAbsolute = instrument.IsObservable || PrometheusText.IsGauge(instrument);
        _bounds =
            _kind != PrometheusText.Histogram ? []
            : (instrument as Instrument<double>)?.Advice?.HistogramBucketBoundaries is { } advised
                ? [.. advised]
            : instrument.Unit == "s" ? Seconds
            : Counts;
        _byTags = _series.GetAlternateLookup<ReadOnlySpan<Tag>>();
    }

    public void Record(double value, ReadOnlySpan<Tag> tags)
    {
        if (!_byTags.TryGetValue(tags, out var series))
        {
            if (_series.Count >= MostSeries)
            {
                return;
            }
            series = _series.GetOrAdd(tags.ToArray(), own => new(own, _bounds));
        }
        series.Record(value, _isAbsolute);
    }

    public void Write(PrometheusText text)
    {
        if (_series.IsEmpty)
        {
            return;
        }
        text.Family(_name, _kind, _help);
        foreach (
            var series in _series.Values.OrderBy(series => series.Labels, StringComparer.Ordinal)
        )
        {
            series.Write(text, _name, _kind == PrometheusText.Histogram);
        }
    }
}
