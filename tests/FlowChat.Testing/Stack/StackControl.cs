using System.Globalization;
using System.Net;
using FlowChat.Testing.Servers;

namespace FlowChat.Testing.Stack;

/// <summary>What deploy/rollout asks of those who run the services, answered for a stack: <c>stop api-1</c>.</summary>
public sealed class StackControl : IAsyncDisposable
{
    private readonly FlowChatStack stack;
    private readonly WebApplication app;
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly string driver = Path.Combine(
        "/tmp",
        $"flowchat-rollout-{Path.GetRandomFileName()}"
    );

    private StackControl(FlowChatStack stack, WebApplication app)
    {
        this.stack = stack;
        this.app = app;
    }

    public static async Task<StackControl> StartAsync(FlowChatStack stack, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var listening = builder.Build();
        var control = new StackControl(stack, listening);
        listening.MapPost("/{action}/{service?}", control.AnswerAsync);
        await listening.StartAsync(ct);
        await File.WriteAllTextAsync(
            control.driver,
            $"#!/bin/sh\nexec curl -sf --noproxy '*' -X POST \"{listening.Urls.Single()}/$1/$2\"\n",
            ct
        );
        File.SetUnixFileMode(
            control.driver,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        return control;
    }

    /// <summary>deploy/rollout itself: every node and worker, one at a time.</summary>
    /// <returns>Its exit code, and what it said.</returns>
    public async Task<(int ExitCode, IReadOnlyList<string> Said)> RollAsync(CancellationToken ct)
    {
        await using var rollout = ChildProcess.Start(
            Path.Combine(Checkout.Root, "deploy", "rollout"),
            [],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ROLLOUT_DRIVER"] = driver,
                ["ROLLOUT_LIST"] = stack.Nginx.NodesFile,
                ["ROLLOUT_NODES"] = string.Join(' ', stack.Nodes.Select(node => node.Name)),
                ["ROLLOUT_WORKERS"] = string.Join(' ', stack.Workers.Select(worker => worker.Name)),
            }
        );
        var exitCode = await rollout.WaitForExitAsync(ct);
        return (exitCode, rollout.Output.All);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
        File.Delete(driver);
    }

    private async Task<IResult> AnswerAsync(string action, string? service, CancellationToken ct)
    {
        var process = stack.Processes.FirstOrDefault(process => process.Name == service);
        var done = action switch
        {
            "nginx-test" => await stack.Nginx.ControlAsync(ct, "-t", "-q"),
            "nginx-reload" => await stack.Nginx.ControlAsync(ct, "-s", "reload"),
            "open" => true,
            "stop" => await process!.StopAsync(ct) == 0,
            "start" => await StartAsync(process!, ct),
            "ready" => await IsReadyAsync(process!, ct),
            "works" => process!.IsUp,
            _ => false,
        };
        return !done ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
            : action == "open" ? Results.Text($"{await OpenRequestsAsync(process!, ct)}\n")
            : Results.Ok();
    }

    private static async Task<bool> StartAsync(StackProcess process, CancellationToken ct)
    {
        await process.StartAsync(ct);
        return true;
    }

    private async Task<bool> IsReadyAsync(StackProcess process, CancellationToken ct)
    {
        using var answer = await http.GetAsync($"http://127.0.0.1:{process.Port}/health/ready", ct);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>As deploy/rollout reads it of a container: streams over web sockets, and the scrape itself, left out.</summary>
    private async Task<double> OpenRequestsAsync(StackProcess process, CancellationToken ct)
    {
        var text = await http.GetStringAsync($"http://{process.Metrics}/metrics", ct);
        return Math.Max(
            0,
            Sum("http_server_active_requests") - Sum("kestrel_upgraded_connections") - 1
        );

        double Sum(string name) =>
            text.Split('\n')
                .Where(line => line.StartsWith(name, StringComparison.Ordinal))
                .Sum(line =>
                    double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)
                );
    }
}
