using System.Globalization;

namespace FlowChat.Chaos.Report;

/// <summary>The table of docs/reliability.md: the last runs of each scenario, a row each.</summary>
internal static class ReliabilityTable
{
    private const int KeptRuns = 3;

    private const string Begin = "<!-- runs: written by ./dev chaos -->",
        End = "<!-- end of runs -->";

    private const string Head = """
        | | what happens | began (UTC) | seed | minutes | faults | tries / 503 / cut | in: attempted / acknowledged / stored | out: attempted / acknowledged / sent | lost | duplicated | unexpected | out of order | sent twice | unknown | longest live gap, s | recovered after, s |
        |--:|---|---|--:|--:|--:|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|
        """;

    /// <summary>The page with the new rows in it, and of each scenario no more than the newest.</summary>
    public static string Merge(string page, IEnumerable<string> rows)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        if (begin < Begin.Length || end < begin)
            throw new InvalidOperationException("The page has no place for the runs.");
        var kept = page[begin..end]
            .Split('\n')
            .Where(line => NumberOf(line) is not null)
            .Concat(rows)
            .GroupBy(line => (Number: NumberOf(line)!.Value, Name: line.Split('|')[2].Trim()))
            .OrderBy(scenario => scenario.Key.Number)
            .SelectMany(scenario =>
                scenario.OrderBy(BeganAt, StringComparer.Ordinal).TakeLast(KeptRuns)
            );
        return $"{page[..begin]}\n\n{Head}\n{string.Join('\n', kept)}\n\n{page[end..]}";
    }

    private static int? NumberOf(string line) =>
        line.Split('|') is [_, var first, ..]
        && int.TryParse(first.Trim(), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static string BeganAt(string line) => line.Split('|')[3].Trim();
}
