using FlowChat.Testing.Servers;
using FlowChat.Testing.Stack;

namespace FlowChat.Chaos.Scenarios;

internal static class Networks
{
    private const double BlackHoleSeconds = 90;

    /// <summary>Every way in turn, with each of the faults; one of them is a black hole for a minute and a half.</summary>
    public static async Task EachWayAsync(ChaosRun run, CancellationToken over)
    {
        var ways = run.Stack.Edges.ToArray();
        run.Random.Shuffle(ways);
        // It takes its time beside the others.
        var hole = BlackHoleAsync(run, ways[0]);
        for (var n = 1; !over.IsCancellationRequested; n++)
        {
            var way = ways[1 + n % (ways.Length - 1)];
            await HarmAsync(run, way, run.Random.Next(4));
            await run.PauseAsync(0.5, 2, over);
        }
        await hole;
    }

    private static async Task BlackHoleAsync(ChaosRun run, StackEdge way)
    {
        await run.HarmAsync($"{way.Name} black-holed", _ => Task.CompletedTask);
        way.Proxy.Fault = NetworkFault.Stalled;
        var seconds = Math.Min(BlackHoleSeconds, run.Duration.TotalSeconds * 0.75);
        await run.PauseAsync(seconds, seconds, CancellationToken.None);
        way.Heal();
    }

    private static async Task HarmAsync(ChaosRun run, StackEdge way, int kind)
    {
        var name = kind switch
        {
            0 => "cut",
            1 => "slow",
            2 => "without replies",
            _ => "refusing",
        };
        await run.HarmAsync($"{way.Name} {name}", _ => Task.CompletedTask);
        switch (kind)
        {
            case 0:
                way.Proxy.Cut();
                break;
            case 1:
                way.Proxy.Delay = TimeSpan.FromMilliseconds(200);
                break;
            case 2:
                way.Proxy.Fault = NetworkFault.RepliesLost;
                break;
            default:
                way.Proxy.Fault = NetworkFault.Refusing;
                way.Proxy.Cut();
                break;
        }
        await run.PauseAsync(2, 6, CancellationToken.None);
        way.Heal();
    }
}
