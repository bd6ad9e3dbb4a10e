namespace FlowChat.Chaos.Scenarios;

internal static class Brokers
{
    private const double AwaySeconds = 60;

    public static async Task WipeRedisAsync(ChaosRun run, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(4, 10, over);
            await (
                run.Random.Next(3) switch
                {
                    0 => run.HarmAsync("FLUSHALL", ct => run.Stack.Redis.AskAsync("FLUSHALL", ct)),
                    1 => run.HarmAsync("redis killed and wiped", run.Stack.Redis.WipeAsync),
                    _ => run.HarmAsync(
                        "redis killed, away and wiped",
                        async ct =>
                        {
                            await run.Stack.Redis.KillAsync(ct);
                            await run.PauseAsync(2, 6, CancellationToken.None);
                            await run.Stack.Redis.StartAsync(ct);
                            await run.Stack.Redis.AskAsync("FLUSHALL", ct);
                        }
                    ),
                }
            );
        }
    }

    public static async Task RabbitMqAwayAsync(ChaosRun run, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(3, 6, over);
            if (over.IsCancellationRequested)
                return;
            await run.HarmAsync("rabbitmq away", run.Stack.RabbitMq.KillAsync);
            await run.PauseAsync(3, 5, CancellationToken.None);
            // Whoever starts meanwhile must not wait for it.
            foreach (var process in run.Stack.Processes.Where((_, n) => n % 2 == 0))
                await run.HarmAsync(
                    $"{process.Name} starts without rabbitmq",
                    async ct =>
                    {
                        await process.KillAsync(ct);
                        await process.StartAsync(ct);
                    }
                );
            var away = Math.Min(AwaySeconds, run.Duration.TotalSeconds / 2);
            await run.PauseAsync(away, away, CancellationToken.None);
            await run.Stack.RabbitMq.StartAsync(run.Ct);
        }
    }
}
