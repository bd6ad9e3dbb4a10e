using System.Text;

namespace FlowChat.Chaos.Scenarios;

internal static class Databases
{
    public static async Task StopPostgresAsync(ChaosRun run, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(8, 15, over);
            if (over.IsCancellationRequested)
                return;
            await run.HarmAsync(
                "pg_ctl stop -m immediate",
                async ct =>
                {
                    await run.Stack.Postgres.StopImmediatelyAsync(ct);
                    await run.PauseAsync(1, 10, CancellationToken.None);
                    await run.Stack.Postgres.StartAsync(ct);
                }
            );
        }
    }

    /// <summary>
    /// The connection on which a message's rows are written and committed is reset in place of the answer: nobody was
    /// told, and whoever asked asks again.
    /// </summary>
    public static async Task LoseCommitRepliesAsync(ChaosRun run, CancellationToken over)
    {
        var turn = 0;
        run.Traffic.In.Announce = LoseSome;
        run.Traffic.Out.Announce = LoseSome;
        await Task.Delay(Timeout.InfiniteTimeSpan, run.Time, over)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        run.Traffic.In.Announce = _ => { };
        run.Traffic.Out.Announce = _ => { };

        void LoseSome(string text)
        {
            if (Interlocked.Increment(ref turn) % 7 != 0)
                return;
            foreach (var node in run.Stack.Nodes)
            {
                var edge = run.Stack.Edge(node.Name, "postgresql");
                _ = CountAsync(edge.Proxy.LoseReplyToAsync(Encoding.UTF8.GetBytes(text)), text);
            }
        }

        async Task CountAsync(Task lost, string text)
        {
            await lost;
            await run.HarmAsync(
                $"the reply to the commit of \"{text}\" was lost",
                _ => Task.CompletedTask
            );
        }
    }
}
