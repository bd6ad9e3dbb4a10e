using FlowChat.Chaos.Report;

namespace FlowChat.Tests.Chaos;

public sealed class ReliabilityTableTests
{
    private const string Page =
        "Before\n<!-- runs: written by ./dev chaos -->\n<!-- end of runs -->\nAfter\n";

    [Fact]
    public void The_last_three_runs_of_each_scenario_stay()
    {
        var page = Page;
        for (var day = 1; day <= 4; day++)
            page = ReliabilityTable.Merge(page, [Run(2, day), Run(1, day)]);

        var runs = page.Split('\n').Where(line => line.Contains("2026", StringComparison.Ordinal));
        Assert.Equal([Run(1, 2), Run(1, 3), Run(1, 4), Run(2, 2), Run(2, 3), Run(2, 4)], runs);
        Assert.StartsWith("Before\n", page, StringComparison.Ordinal);
        Assert.EndsWith("After\n", page, StringComparison.Ordinal);
        Assert.Single(page.Split('\n'), line => line.Contains("seed", StringComparison.Ordinal));
    }

    private static string Run(int scenario, int day) =>
        $"| {scenario} | it | 2026-11-0{day} 10:00 | 7 |";
}
