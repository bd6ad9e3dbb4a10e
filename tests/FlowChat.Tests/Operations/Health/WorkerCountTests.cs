using System.Text.Json.Nodes;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Operations.Health;

/// <summary>"workers" are those who work, wherever they are, and <c>flowchat health</c> says it to a container.</summary>
public sealed class WorkerCountTests(SendingFlowChat.WithoutWorkers inbox)
    : IClassFixture<SendingFlowChat.WithoutWorkers>
{
    private static readonly string[] Three =
    [
        "--queues",
        "send_message",
        "mark_as_read",
        "--send-workers",
        "2",
        "--mark-workers",
        "1",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Those_of_another_process_count_until_it_stops_or_is_killed()
    {
        await WaitAsync(0);
        await using var stopped = await FlowChatProcess.StartWorkersAsync(
            inbox.Settings,
            Ct,
            Three
        );
        await WaitAsync(3);
        await using var killed = await FlowChatProcess.StartWorkersAsync(inbox.Settings, Ct, Three);
        await WaitAsync(6);
        Assert.Equal(0, await HealthAsync("--workers"));

        Assert.Equal(0, await stopped.StopAsync(Ct));
        await WaitAsync(3);
        await killed.KillAsync(Ct);
        await WaitAsync(0);

        Assert.Equal(1, await HealthAsync("--workers"));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_container_asks_with_a_command()
    {
        var port = inbox.Server.BaseUrl.Port;

        Assert.Equal(0, await HealthAsync([], port));
        Assert.Equal(0, await HealthAsync(["--alive"], port));
        // Nobody listens there.
        Assert.Equal(1, await HealthAsync([], 1));
        Assert.Equal(1, await HealthAsync(["--alive"], 1));
    }

    private async Task WaitAsync(int workers)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (
            (await inbox.Server.Client.GetAsync<JsonObject>("/health/ready", Ct))[
                "workers"
            ]!.GetValue<int>() != workers
        )
        {
            await timer.WaitForNextTickAsync(Ct);
        }
    }

    private Task<int> HealthAsync(string option) => HealthAsync([option], 1);

    private async Task<int> HealthAsync(string[] options, int port)
    {
        await using var command = ChildProcess.Start(
            FlowChatProcess.Program,
            ["health", .. options],
            new Dictionary<string, string>(inbox.Settings) { ["FLOWCHAT_PORT"] = $"{port}" }
        );
        return await command.WaitForExitAsync(Ct);
    }
}
