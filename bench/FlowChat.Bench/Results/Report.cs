using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using FlowChat.Testing;

namespace FlowChat.Bench.Results;

/// <summary>The rounds of all subjects: medians as a table on the console, everything as JSON in artifacts/bench.</summary>
internal sealed class Report(string name, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    private readonly OrderedDictionary<string, List<Figures>> subjects = [];
    private readonly OrderedDictionary<string, double> ratios = [];

    public void Add(string subject, Figures figures)
    {
        if (!subjects.TryGetValue(subject, out var rounds))
            subjects.Add(subject, rounds = []);
        rounds.Add(figures);
    }

    public Figures Median(string subject) => Figures.Median(subjects[subject]);

    /// <summary>How the medians of two subjects of this run stand to each other.</summary>
    public void AddRatio(string subject, string peer) =>
        ratios.Add($"{subject} : {peer}", Median(subject).PerSecond / Median(peer).PerSecond);

    public async Task WriteAsync(TextWriter output, CancellationToken ct)
    {
        await output.WriteLineAsync(
            "| subject | per second | p50 ms | p99 ms | refused | cores: server, PostgreSQL, generator | CPU µs each |"
        );
        await output.WriteLineAsync("|---|--:|--:|--:|--:|---|--:|");
        foreach (var (subject, rounds) in subjects)
            await output.WriteLineAsync(Row(subject, Figures.Median(rounds)));
        await output.WriteLineAsync();
        foreach (var (pair, ratio) in ratios)
            await output.WriteLineAsync($"{pair} = {Number(ratio, "0.000")}");
        await WriteJsonAsync(ct);
    }

    private async Task WriteJsonAsync(CancellationToken ct)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Checkout.Root, "artifacts", "bench"));
        await using var file = File.Create(Path.Combine(folder.FullName, $"{name}.json"));
        var document = new
        {
            Bench = name,
            At = time.GetUtcNow(),
            Cores = Environment.ProcessorCount,
            Runtime = RuntimeInformation.FrameworkDescription,
            Subjects = subjects.ToDictionary(
                subject => subject.Key,
                subject => new { Median = Figures.Median(subject.Value), Rounds = subject.Value }
            ),
            Ratios = ratios,
        };
        await JsonSerializer.SerializeAsync(file, document, Json, ct);
    }

    private static string Row(string subject, Figures figures)
    {
        var cpu = figures.Cpu is { } share
            ? $"{Number(share.Server, "0.00")}, {Number(share.Postgres, "0.00")}, {Number(share.Generator, "0.00")}"
            : "";
        return $"| {subject} | {Number(figures.PerSecond, "N0")} | {Number(figures.P50, "0.00")} | "
            + $"{Number(figures.P99, "0.00")} | {figures.Refused} | {cpu} | "
            + $"{Number((figures.Cpu?.Server + figures.Cpu?.Postgres) * 1e6 / figures.PerSecond, "N0")} |";
    }

    private static string Number(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
