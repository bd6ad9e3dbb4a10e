using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace FlowChat.Tests.Operations.Metrics;

/// <summary>Reads Prometheus's text format and takes nothing that the format doesn't allow.</summary>
internal sealed partial class Scrape
{
    private readonly Dictionary<string, string> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);
    private readonly HashSet<string> _helped = new(StringComparer.Ordinal);
    private string _family = "";

    private Scrape() { }

    /// <summary>By name and labels, as written.</summary>
    public IReadOnlyDictionary<string, double> Samples => _samples;

    public IReadOnlyDictionary<string, string> Kinds => _kinds;

    public static async Task<Scrape> ReadAsync(HttpClient http, string path, CancellationToken ct)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(
            "text/plain; version=0.0.4; charset=utf-8",
            answer.Content.Headers.ContentType!.ToString()
        );
        return Parse(await answer.Content.ReadAsStringAsync(ct));
    }

    public static Scrape Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var scrape = new Scrape();
        foreach (var line in text[..^1].Split('\n'))
        {
            if (line.StartsWith('#'))
                scrape.ReadComment(line);
            else
                scrape.ReadSample(line);
        }
        scrape.CheckHistograms();
        return scrape;
    }

    private void ReadComment(string line)
    {
        var match = CommentLine().Match(line);
        Assert.True(match.Success, line);
        var name = match.Groups["name"].Value;
        if (match.Groups["help"].Success)
        {
            Assert.True(_helped.Add(name), $"{name} has two helps");
            Assert.DoesNotContain(name, _kinds.Keys);
            return;
        }
        Assert.True(_kinds.TryAdd(name, match.Groups["kind"].Value), $"{name} comes twice");
        _family = name;
    }

    private void ReadSample(string line)
    {
        var match = SampleLine().Match(line);
        Assert.True(match.Success, line);
        var name = match.Groups["name"].Value;
        var kind = _kinds[_family];
        string[] names =
            kind == "histogram"
                ? [$"{_family}_bucket", $"{_family}_sum", $"{_family}_count"]
                : [_family];
        Assert.Contains(name, names);
        Assert.True(kind != "counter" || name.EndsWith("_total", StringComparison.Ordinal), line);
        var labels = match.Groups["label"].Captures.Select(label => label.Value).ToList();
        Assert.Equal(labels.Distinct(), labels);
        var value = match.Groups["value"].Value;
        var number = value is "+Inf" ? double.PositiveInfinity : Number(value);
        Assert.True(kind == "gauge" || number >= 0, line);
        Assert.True(_samples.TryAdd(line[..line.LastIndexOf(' ')], number), $"{line} comes twice");
    }

    private void CheckHistograms()
    {
        foreach (var (name, _) in _kinds.Where(kind => kind.Value == "histogram"))
        {
            var series = _samples
                .Where(sample =>
                    sample.Key.StartsWith($"{name}_bucket{{", StringComparison.Ordinal)
                )
                .Select(sample => (Bucket: BucketEnd().Match(sample.Key), Count: sample.Value))
                .GroupBy(bucket => bucket.Bucket.Groups["rest"].Value.TrimEnd(','));
            foreach (var one in series)
                CheckHistogram(name, one.Key, [.. one]);
        }
    }

    private void CheckHistogram(string name, string labels, List<(Match Bucket, double Count)> all)
    {
        var bounds = all.Select(one => one.Bucket.Groups["le"].Value).ToList();
        Assert.Equal("+Inf", bounds[^1]);
        var numbers = bounds[..^1].Select(Number).ToList();
        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(all.Select(one => one.Count).Order(), all.Select(one => one.Count));
        var tail = labels.Length > 0 ? $"{{{labels}}}" : "";
        Assert.Equal(all[^1].Count, _samples[$"{name}_count{tail}"]);
        Assert.True(_samples[$"{name}_sum{tail}"] >= 0);
    }

    private static double Number(string text) =>
        double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^# (HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<help> .*)|TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<kind>counter|gauge|histogram))$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex CommentLine();

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((^|,|(?<=\{))(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="([^"\\]|\\["\\n])*")+\})? (?<value>\+Inf|-?[0-9]+(\.[0-9]+)?(E[-+]?[0-9]+)?)$""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex SampleLine();

    [GeneratedRegex(
        """\{(?<rest>.*)le="(?<le>[^"]+)"\}$""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex BucketEnd();
}
