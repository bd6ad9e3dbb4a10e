using FlowChat.Testing.Evolution;
using FlowChat.Testing.Stack;

namespace FlowChat.Chaos.Scenarios;

internal static class Kills
{
    public static async Task AnythingAsync(ChaosRun run, CancellationToken over)
    {
        // Nobody waits for one to be back before the next is killed.
        var starting = new Dictionary<string, Task>(StringComparer.Ordinal);
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(2, 5, over);
            var (name, killAsync, startAsync) = Choose(run);
            if (over.IsCancellationRequested)
                break;
            if (starting.TryGetValue(name, out var before) && !before.IsCompleted)
                continue;
            await run.HarmAsync($"kill -9 {name}", killAsync);
            starting[name] = startAsync(run.Ct);
        }
        await Task.WhenAll(starting.Values);
    }

    public static async Task WorkersInCallAsync(ChaosRun run, CancellationToken over)
    {
        var gateway = run.Stack.Gateway;
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(2, 4, over);
            var caught = new TaskCompletionSource<string>(
                TaskCreationOptions.RunContinuationsAsynchronously
            );
            gateway.Script.Next(
                request => request is { IsSend: true, Text: { } text } && caught.TrySetResult(text),
                Reply.Normal.AnsweredAfter(new TaskCompletionSource().Task)
            );
            var text = await caught.Task.WaitAsync(run.Ct);
            await gateway.Sent.WaitAsync(sent => sent.Text == text, run.Ct);
            // Only one of them has made the call; both are gone within the same moment.
            await run.HarmAsync(
                $"kill -9 of the workers at \"{text}\"",
                async ct =>
                {
                    await Task.WhenAll(run.Stack.Workers.Select(worker => worker.KillAsync(ct)));
                    await Task.WhenAll(run.Stack.Workers.Select(worker => worker.StartAsync(ct)));
                }
            );
        }
    }

    public static async Task FreezeWorkersAsync(ChaosRun run, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(2, 5, over);
            var worker = run.Pick(run.Stack.Workers);
            await run.HarmAsync($"SIGSTOP {worker.Name}", ct => worker.SignalAsync("STOP", ct));
            var lease = ChaosRun.Lease.TotalSeconds;
            await run.PauseAsync(lease + 2, lease + 6, CancellationToken.None);
            await worker.SignalAsync("CONT", run.Ct);
        }
    }

    private static Victim Choose(ChaosRun run)
    {
        var stack = run.Stack;
        var choice = run.Random.Next(20);
        // Erlang takes long to start, and would leave the others no time.
        return choice switch
        {
            < 14 => Of(stack.Processes[choice % stack.Processes.Count]),
            < 16 => new("redis", stack.Redis.KillAsync, stack.Redis.StartAsync),
            < 18 => new(
                "of an nginx process",
                stack.Nginx.KillWorkerAsync,
                _ => Task.CompletedTask
            ),
            < 19 => new("rabbitmq", stack.RabbitMq.KillAsync, stack.RabbitMq.StartAsync),
            _ => new("postgresql", stack.Postgres.KillAsync, stack.Postgres.StartAsync),
        };

        static Victim Of(StackProcess process) =>
            new(process.Name, process.KillAsync, process.StartAsync);
    }

    private sealed record Victim(
        string Name,
        Func<CancellationToken, Task> KillAsync,
        Func<CancellationToken, Task> StartAsync
    );
}
