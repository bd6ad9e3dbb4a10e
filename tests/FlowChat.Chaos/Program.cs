using System.CommandLine;
using FlowChat.Chaos;
using FlowChat.Chaos.Report;
using FlowChat.Chaos.Scenarios;
using FlowChat.Testing;
using FlowChat.Testing.Servers;
using FlowChat.Testing.Stack;

var scenarios = new Option<int[]>("--scenario")
{
    Description = $"One or more of 1 to {Scenario.All.Count}; all of them when left out.",
    AllowMultipleArgumentsPerToken = true,
};
scenarios.AcceptOnlyFromAmong([.. Scenario.All.Select(scenario => $"{scenario.Number}")]);
var minutes = new Option<double>("--minutes")
{
    Description = "How long messages come and go, and things go wrong.",
    DefaultValueFactory = _ => 2,
};
var seed = new Option<int?>("--seed")
{
    Description = "Plays a run's choices again; each further run takes the next number.",
};
var runs = new Option<int>("--runs")
{
    Description = "Runs of each scenario.",
    DefaultValueFactory = _ => 1,
};
var report = new Option<bool>("--report")
{
    Description = "Writes the runs into docs/reliability.md.",
};
var evolution = new Option<string>("--evolution")
{
    Description =
        "The gateway's version: from 2.4 it takes our ids of messages, and no send may stay unknown.",
    DefaultValueFactory = _ => ChaosOptions.Evolution23,
};
evolution.AcceptOnlyFromAmong(ChaosOptions.Evolution23, ChaosOptions.Evolution24);
var from = new Option<string?>("--from")
{
    Description =
        "Begins with FlowChat as it was at that commit, which is built first; scenario 8 rolls to this one.",
};
var root = new RootCommand(
    "The whole system as processes behind nginx, numbered messages both ways, faults, and an audit. Exit code 1 unless all that must be zero is."
)
{
    scenarios,
    minutes,
    seed,
    runs,
    report,
    evolution,
    from,
    StackCommand.Build(),
};
root.SetAction(
    async (parsed, ct) =>
        await RunAllAsync(
            parsed.GetValue(scenarios) is { Length: > 0 } some
                ? [.. Scenario.All.Where(scenario => some.Contains(scenario.Number))]
                : Scenario.All,
            new ChaosOptions(
                TimeSpan.FromMinutes(parsed.GetValue(minutes)),
                parsed.GetValue(seed) ?? Random.Shared.Next(1_000_000)
            )
            {
                Evolution = parsed.GetRequiredValue(evolution),
                Program = parsed.GetValue(from) is { } commit
                    ? await EarlierRelease.BuildAsync(commit, ct)
                    : FlowChatProcess.Program,
            },
            parsed.GetValue(runs),
            parsed.GetValue(report),
            ct
        )
);

// It ends itself, and with it all that it has started.
return await root.Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

static async Task<int> RunAllAsync(
    IReadOnlyList<Scenario> scenarios,
    ChaosOptions options,
    int runs,
    bool report,
    CancellationToken ct
)
{
    var clean = true;
    foreach (var scenario in scenarios)
    {
        for (var n = 0; n < runs; n++)
        {
            var own = options with { Seed = options.Seed + n };
            Console.WriteLine($"Scenario {scenario.Number}, {scenario.Name}: seed {own.Seed}");
            await using var run = await ChaosRun.PrepareAsync(scenario, own, Console.Out, ct);
            var row = await run.RunAsync(own);
            Console.WriteLine(row);
            clean &= row.Counters.IsClean;
            if (report)
                await WriteAsync(row, ct);
        }
    }
    return clean ? 0 : 1;
}

static async Task WriteAsync(Row row, CancellationToken ct)
{
    var path = Path.Combine(Checkout.Root, "docs", "reliability.md");
    var page = await File.ReadAllTextAsync(path, ct);
    await File.WriteAllTextAsync(path, ReliabilityTable.Merge(page, [row.ToString()]), ct);
}
