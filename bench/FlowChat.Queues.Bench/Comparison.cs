using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using FlowChat.Testing;

namespace FlowChat.Queues.Bench;

/// <summary>What was measured of each subject in each round: medians and ratios as a table, everything as JSON in artifacts/bench.</summary>
internal sealed class Comparison(string name, string own, params IReadOnlyList<string> peers)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    private readonly OrderedDictionary<string, OrderedDictionary<string, List<double>>> measured =
    [];

    public void Add(string what, string subject, double value)
    {
        if (!measured.TryGetValue(what, out var subjects))
            measured.Add(what, subjects = []);
        if (!subjects.TryGetValue(subject, out var rounds))
            subjects.Add(subject, rounds = []);
        rounds.Add(value);
    }

    public async Task WriteAsync(TextWriter output, TimeProvider time)
    {
        var heads = peers.Select(peer => $"{own} : {peer}");
        await output.WriteLineAsync($"| what | {string.Join(" | ", [own, .. peers, .. heads])} |");
        await output.WriteLineAsync($"|---{string.Concat(peers.SelectMany(_ => "|--:|--:"))}|--:|");
        foreach (var (what, subjects) in measured)
        {
            string[] cells =
            [
                Number(Median(subjects, own), "N0"),
                .. peers.Select(peer => Number(Median(subjects, peer), "N0")),
                .. peers.Select(peer =>
                    Number(Median(subjects, own) / Median(subjects, peer), "0.00")
                ),
            ];
            await output.WriteLineAsync($"| {what} | {string.Join(" | ", cells)} |");
        }
        await WriteJsonAsync(time);
    }

    private async Task WriteJsonAsync(TimeProvider time)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Checkout.Root, "artifacts", "bench"));
        await using var file = File.Create(Path.Combine(folder.FullName, $"{name}.json"));
        var document = new
        {
            Bench = name,
            At = time.GetUtcNow(),
            Cores = Environment.ProcessorCount,
            Runtime = RuntimeInformation.FrameworkDescription,
            Measured = measured.ToDictionary(
                what => what.Key,
                what =>
                    what.Value.ToDictionary(
                        subject => subject.Key,
                        subject => new { Median = Median(subject.Value), Rounds = subject.Value }
                    )
            ),
        };
        await JsonSerializer.SerializeAsync(file, document, Json);
    }

    private static double? Median(
        OrderedDictionary<string, List<double>> subjects,
        string subject
    ) => subjects.TryGetValue(subject, out var rounds) ? Median(rounds) : null;

    private static double Median(List<double> rounds)
    {
        var sorted = rounds.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Number(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
