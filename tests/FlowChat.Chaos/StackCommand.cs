using System.CommandLine;
using FlowChat.Testing.Servers;
using FlowChat.Testing.Stack;

namespace FlowChat.Chaos;

/// <summary><c>./dev stack</c>: the topology of deploy/compose.yaml without containers, until Ctrl+C.</summary>
internal static class StackCommand
{
    public static Command Build()
    {
        var port = new Option<int>("--port")
        {
            Description = "Of nginx, on 127.0.0.1.",
            DefaultValueFactory = _ => 8080,
        };
        var command = new Command(
            "stack",
            "nginx, two nodes, two workers, PostgreSQL, Redis, RabbitMQ and a fake Evolution as plain processes. Gone with Ctrl+C, its data too."
        )
        {
            port,
        };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var wanted && !FreePort.IsFree(wanted))
                result.AddError($"Port {wanted} is taken: choose another with --port.");
        });
        command.SetAction((parsed, ct) => RunAsync(parsed.GetValue(port), Console.Out, ct));
        return command;
    }

    private static async Task RunAsync(int port, TextWriter output, CancellationToken ct)
    {
        try
        {
            await using var stack = await FlowChatStack.StartAsync(new() { Port = port }, ct);
            await output.WriteLineAsync($"FlowChat is ready on {stack.Address}");
            await output.WriteLineAsync(
                $"  Sign in as {FlowChatStack.OwnerEmail}, {FlowChatStack.Password}; API key {FlowChatStack.ApiKey}"
            );
            await output.WriteLineAsync(
                $"  Evolution  {stack.GatewayAddress}, key {stack.Gateway.ApiKey}"
            );
            foreach (var process in stack.Processes)
                await output.WriteLineAsync($"  {process.Name, -10} pid {process.ProcessId}");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await output.WriteLineAsync("Stopped.");
        }
    }
}
