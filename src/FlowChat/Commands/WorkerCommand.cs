using System.CommandLine;
using System.Globalization;
using FlowChat.Conversations;
using FlowChat.Messages;
using FlowChat.Operations;
using FlowChat.Operations.Metrics;
using FlowChat.Operations.Stopping;
using FlowChat.Operations.Work;
using FlowChat.Settings;

namespace FlowChat.Commands;

/// <summary><c>flowchat worker</c>: runs jobs and answers scrapes alone.</summary>
internal static class WorkerCommand
{
    private const int MostWorkers = 100;

    public static Command Build()
    {
        var send = Count("--send-workers", SendMessageJob.Queue, "CHAT_STREAM_SEND_WORKERS");
        var mark = Count("--mark-workers", MarkAsReadJob.Queue, "CHAT_STREAM_MARK_WORKERS");
        var queues = new Option<string[]>("--queues")
        {
            Description = $"Work on these queues only: {string.Join(", ", QueueSetup.Names)}.",
            HelpName = "queue",
            AllowMultipleArgumentsPerToken = true,
        };
        queues.AcceptOnlyFromAmong([.. QueueSetup.Names]);
        var command = new Command(
            "worker",
            "Run workers alone. Any number of processes share the work; SIGTERM finishes it or hands it back."
        )
        {
            send,
            mark,
            queues,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new(
                        parsed.GetValue(send),
                        parsed.GetValue(mark),
                        parsed.GetValue(queues) is { Length: > 0 } some ? some : null
                    ),
                    cancellationToken
                )
        );
        return command;
    }

    private static Option<int?> Count(string name, string queue, string setting) =>
        new(name)
        {
            Description =
                $"How many work on {queue}, each on up to 16 jobs at once; 0 = none. Default: {setting}.",
            HelpName = "count",
            CustomParser = result =>
            {
                if (
                    result.Tokens is [{ Value: var text }]
                    && int.TryParse(
                        text,
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out var count
                    )
                    && count <= MostWorkers
                )
                    return count;
                result.AddError($"{name}: give a whole number from 0 to {MostWorkers}.");
                return null;
            },
        };

    private static async Task<int> RunAsync(Wish wish, CancellationToken cancellationToken)
    {
        var builder = FlowChatApp.CreateHostBuilder();
        var settings = wish.Apply(FlowChatSettings.Read(builder.Configuration));
        var queues = wish.Queues(QueueSetup.Names);
        if (queues.Count == 0)
        {
            throw new InvalidSettingsException([
                "Every queue is switched off: name one that isn't.",
            ]);
        }
        ListenAddress.TryMetrics(settings);
        await using var server = await DatabaseServer.OpenAsync(
            settings,
            builder.Configuration,
            cancellationToken
        );
        builder.AddCore(settings, server.ConnectionString);
        builder.Services.AddHosted<MeterReadings>().AddHosted<ScrapeServer>();
        builder.AddQueues(settings, queues);
        builder.Services.IgnoreSignals();
        using var host = builder.Build();
        var owner = await host.Services.StartStorageAsync(cancellationToken);
        using var signals = new StopSignals();
        await host.StartAsync(cancellationToken);
        Welcome.PrintWorkers(Console.Out, host.Services, owner);
        return await host.RunUntilAskedAsync(signals, cancellationToken);
    }

    private sealed record Wish(int? Send, int? Mark, IReadOnlyList<string>? Named)
    {
        public FlowChatSettings Apply(FlowChatSettings settings) =>
            settings with
            {
                // No balancer sends it anything.
                DrainWait = TimeSpan.Zero,
                SendWorkers = Send is > 0 ? Send.Value : settings.SendWorkers,
                MarkWorkers = Mark is > 0 ? Mark.Value : settings.MarkWorkers,
            };

        public HashSet<string> Queues(IEnumerable<string> all)
        {
            var queues = new HashSet<string>(Named ?? all, StringComparer.Ordinal);
            if (Send == 0)
                queues.Remove(SendMessageJob.Queue);
            if (Mark == 0)
                queues.Remove(MarkAsReadJob.Queue);
            return queues;
        }
    }
}
