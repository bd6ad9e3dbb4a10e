namespace FlowChat.Bench.Results;

/// <summary>What one run of one subject measured; latencies in milliseconds.</summary>
internal sealed record Figures
{
    public required double PerSecond { get; init; }

    public double? P50 { get; init; }

    public double? P99 { get; init; }

    /// <summary>Answers other than 200.</summary>
    public int Refused { get; init; }

    public CpuShare? Cpu { get; init; }

    public static Figures Median(IReadOnlyList<Figures> rounds) =>
        new()
        {
            PerSecond = Middle(rounds.Select(round => round.PerSecond)),
            P50 = MiddleOrNull(rounds.Select(round => round.P50)),
            P99 = MiddleOrNull(rounds.Select(round => round.P99)),
            Refused = rounds.Sum(round => round.Refused),
            Cpu = CpuShare.Median([.. rounds.Select(round => round.Cpu).OfType<CpuShare>()]),
        };

    internal static double Middle(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double? MiddleOrNull(IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>()];
        return known.Length == 0 ? null : Middle(known);
    }
}
