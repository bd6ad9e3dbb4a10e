using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace FlowChat.Operations.Metrics;

/// <summary>Prometheus's text format, 0.0.4, with the names that OpenTelemetry's rules give.</summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";
    public const string Counter = "counter";
    public const string Gauge = "gauge";
    public const string Histogram = "histogram";

    private readonly StringBuilder _text = new();

    /// <summary>Before the samples of that name.</summary>
    public void Family(string name, string kind, string? help)
    {
        if (!string.IsNullOrEmpty(help))
        {
            _text.Append($"# HELP {name} ");
            _text.Append(help.Replace(@"\", @"\\").Replace("\n", @"\n")).Append('\n');
        }
        _text.Append($"# TYPE {name} {kind}\n");
    }

    /// <param name="name">The family's, or with its ending.</param>
    /// <param name="labels">Of <see cref="LabelsOf"/>.</param>
    /// <param name="value">The value.</param>
    public void Sample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    public override string ToString() => _text.ToString();

    public static string LabelsOf(params ReadOnlySpan<Tag> tags)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in tags)
        {
            labels[Plain(name)] = Escape(
                Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""
            );
        }
        return string.Join(',', labels.Select(label => $"{label.Key}=\"{label.Value}\""));
    }

    public static string Bucket(string labels, double bound) =>
        $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{Number(bound)}\"";

    public static string NameOf(Instrument instrument)
    {
        var name = Plain(instrument.Name);
        name = End(
            name,
            instrument.Unit switch
            {
                "s" => "_seconds",
                "ms" => "_milliseconds",
                "By" => "_bytes",
                _ => "",
            }
        );
        return KindOf(instrument) == Counter ? End(name, "_total") : name;
    }

    public static string KindOf(Instrument instrument) =>
        Is(instrument, typeof(Counter<>)) || Is(instrument, typeof(ObservableCounter<>)) ? Counter
        : Is(instrument, typeof(Histogram<>)) ? Histogram
        : Gauge;

    /// <summary>It is told its value, not by how much it changes.</summary>
    public static bool IsGauge(Instrument instrument) => Is(instrument, typeof(Gauge<>));

    private static bool Is(Instrument instrument, Type type) =>
        instrument.GetType() is { IsGenericType: true } its
        && its.GetGenericTypeDefinition() == type;

    private static string End(string name, string end) =>
        name.EndsWith(end, StringComparison.Ordinal) ? name : name + end;

    private static string Plain(string name)
    {
        var plain = string.Create(
            name.Length,
            name,
            (letters, from) =>
            {
                for (var i = 0; i < letters.Length; i++)
                {
                    letters[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
                }
            }
        );
        return char.IsAsciiDigit(plain[0]) ? $"_{plain}" : plain;
    }

    private static string Escape(string value) =>
        value.Replace(@"\", @"\\").Replace("\"", "\\\"").Replace("\n", @"\n");

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
