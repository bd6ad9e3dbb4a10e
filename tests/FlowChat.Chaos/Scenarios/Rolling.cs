using FlowChat.Testing.Stack;

namespace FlowChat.Chaos.Scenarios;

internal static class Rolling
{
    private const int Times = 10;

    /// <summary>As often as that, however long it takes.</summary>
    public static async Task RestartsAsync(ChaosRun run, CancellationToken over)
    {
        await using var control = await StackControl.StartAsync(run.Stack, run.Ct);
        for (var n = 0; n < Times; n++)
        {
            await run.HarmAsync(
                $"deploy/rollout {n + 1}",
                async ct =>
                {
                    var (exitCode, said) = await control.RollAsync(ct);
                    if (exitCode != 0)
                        run.Traffic.Judge.Condemn(
                            $"deploy/rollout ended with {exitCode}: {string.Join(" ", said)}"
                        );
                }
            );
            await run.PauseAsync(0.5, 1.5, CancellationToken.None);
        }
    }
}
