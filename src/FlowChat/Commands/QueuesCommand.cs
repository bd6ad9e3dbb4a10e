using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FlowChat.Json;
using FlowChat.Operations.Work;
using Spectre.Console;

namespace FlowChat.Commands;

/// <summary><c>flowchat queues</c>: the figures of all queues.</summary>
internal static class QueuesCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Build(Func<CancellationToken, Task<IServiceProvider>> services)
    {
        var json = new Option<bool>("--json")
        {
            Description = "The document of /api/queue/metrics.",
        };
        var watch = new Option<bool>("--watch") { Description = "Show them again each second." };
        var command = new Command("queues", "Show the queues: what waits, what runs, who works.")
        {
            json,
            watch,
            PauseCommand.Build(services, pauses: true),
            PauseCommand.Build(services, pauses: false),
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var provider = await services(cancellationToken);
                var board = provider.GetRequiredService<WorkBoard>();
                var output = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(watch))
                {
                    var clock = provider.GetRequiredService<TimeProvider>();
                    await WatchAsync(
                        board,
                        output,
                        parsed.GetValue(json),
                        clock,
                        cancellationToken
                    );
                }
                else
                {
                    Print(await board.ReadAsync(cancellationToken), output, parsed.GetValue(json));
                }
                return 0;
            }
        );
        return command;
    }

    private static async Task WatchAsync(
        WorkBoard board,
        TextWriter output,
        bool json,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var console = Terminal.Open(output);
        while (!cancellationToken.IsCancellationRequested)
        {
            var read = await board.ReadAsync(cancellationToken);
            if (console.Profile.Capabilities.Ansi)
            {
                console.Clear();
            }
            Print(read, output, json);
            await Task.Delay(Pause, clock, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void Print(QueueBoard board, TextWriter output, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(board, FlowChatJson.Options));
            return;
        }
        var console = Terminal.Open(output);
        var table = console.Table(
            "queue",
            "backend",
            "waiting",
            "active",
            "delayed",
            "dead",
            "workers",
            "oldest",
            "per s",
            "wait p50/p99",
            "run p50/p99"
        );
        foreach (var queue in board.Queues)
        {
            table.AddPlainRow(
                queue.Name + (queue.Paused ? " (paused)" : ""),
                queue.Backend,
                Number(queue.Waiting),
                Number(queue.Active),
                Number(queue.Delayed),
                Number(queue.Dead),
                Number(queue.Workers),
                Duration(queue.OldestWaitingSeconds),
                queue.ProcessedPerSecond.ToString("0.0", CultureInfo.InvariantCulture),
                Range(queue.WaitSeconds),
                Range(queue.RunSeconds)
            );
        }
        console.Write(table);
        foreach (var alert in board.Alerts)
        {
            console.MarkupLineInterpolated($"[yellow]! {alert.Text}[/]");
        }
    }

    private static string Number(long number) =>
        number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Range(Percentiles? percentiles) =>
        percentiles is null ? "-" : $"{Duration(percentiles.P50)} / {Duration(percentiles.P99)}";

    private static string Duration(double seconds) =>
        seconds switch
        {
            0 => "-",
            < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1_000:0.#} ms"),
            < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s"),
            < 7_200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3_600:0} h"),
        };
}
