using FlowChat.Testing.Servers;
using FlowChat.Testing.Stack;

namespace FlowChat.Chaos.Scenarios;

internal static class Networks
{
    // So many ways are bad at the same time.
    private const int AtOnce = 3;

    private const double BlackHoleSeconds = 90;

    // In three runs with consecutive seeds every way is black-holed once.
    private static readonly string[][] Parts =
    [
        ["api-1", "worker-1"],
        ["api-2", "worker-2"],
        ["gateway", "agents"],
    ];

    private enum Fault
    {
        Cut,
        Slow,
        WithoutReplies,
        Refusing,
    }

    /// <summary>A part of the system is off the network for a minute and a half; every other way has each of the faults, again and again.</summary>
    public static async Task EachWayAsync(ChaosRun run, CancellationToken over)
    {
        var part = Parts[run.Seed % Parts.Length];
        var gone = run
            .Stack.Edges.Where(way => part.Contains(way.From) || part.Contains(way.To))
            .ToList();
        var others = run.Stack.Edges.Except(gone).ToArray();
        run.Random.Shuffle(others);
        await Task.WhenAll([
            BlackHoleAsync(run, gone),
            .. Enumerable
                .Range(0, AtOnce)
                .Select(n =>
                    InTurnAsync(run, [.. others.Where((_, at) => at % AtOnce == n)], over)
                ),
        ]);
    }

    private static async Task BlackHoleAsync(ChaosRun run, List<StackEdge> ways)
    {
        foreach (var way in ways)
        {
            await run.HarmAsync($"{way.Name} black-holed", _ => Task.CompletedTask);
            way.Proxy.Fault = NetworkFault.Stalled;
        }
        var seconds = Math.Min(BlackHoleSeconds, run.Duration.TotalSeconds * 0.75);
        await run.PauseAsync(seconds, seconds, CancellationToken.None);
        ways.ForEach(way => way.Heal());
    }

    private static async Task InTurnAsync(
        ChaosRun run,
        IReadOnlyList<StackEdge> ways,
        CancellationToken over
    )
    {
        while (!over.IsCancellationRequested)
            foreach (var fault in Enum.GetValues<Fault>())
            foreach (var way in ways)
            {
                if (over.IsCancellationRequested)
                    return;
                await HarmAsync(run, way, fault);
            }
    }

    private static async Task HarmAsync(ChaosRun run, StackEdge way, Fault fault)
    {
        await run.HarmAsync($"{way.Name}: {fault}", _ => Task.CompletedTask);
        switch (fault)
        {
            case Fault.Cut:
                way.Proxy.Cut();
                break;
            case Fault.Slow:
                way.Proxy.Delay = TimeSpan.FromMilliseconds(200);
                break;
            case Fault.WithoutReplies:
                way.Proxy.Fault = NetworkFault.RepliesLost;
                break;
            default:
                way.Proxy.Fault = NetworkFault.Refusing;
                way.Proxy.Cut();
                break;
        }
        await run.PauseAsync(1, 3, CancellationToken.None);
        way.Heal();
    }
}
