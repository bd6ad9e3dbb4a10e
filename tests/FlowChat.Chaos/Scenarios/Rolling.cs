using FlowChat.Testing.Servers;
using FlowChat.Testing.Stack;

namespace FlowChat.Chaos.Scenarios;

internal static class Rolling
{
    private const int Times = 10;
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Each to a release with a schema of its own, and as often as that, however long it takes; once in a short run.
    /// </summary>
    public static async Task RestartsAsync(ChaosRun run, CancellationToken over)
    {
        await using var control = await StackControl.StartAsync(run.Stack, run.Ct);
        var times = run.Duration < Short ? 1 : Times;
        for (var n = 1; n <= times; n++)
        {
            await run.HarmAsync($"deploy/rollout {n}", ct => RollAsync(run, control, n, ct));
            await run.PauseAsync(0.5, 1.5, CancellationToken.None);
        }
    }

    private static async Task RollAsync(
        ChaosRun run,
        StackControl control,
        int release,
        CancellationToken ct
    )
    {
        await LaterSchema.ExpandAsync(run.Stack.Database, release, ct);
        foreach (var process in run.Stack.Processes)
            process.Program = FlowChatProcess.Program;
        var (exitCode, said) = await control.RollAsync(ct);
        if (exitCode != 0)
            run.Traffic.Judge.Condemn(
                $"deploy/rollout ended with {exitCode}: {string.Join(" ", said)}"
            );
    }
}
