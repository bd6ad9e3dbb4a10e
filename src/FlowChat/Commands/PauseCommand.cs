using System.CommandLine;
using FlowChat.Operations.Work;
using FlowChat.Queues;

namespace FlowChat.Commands;

/// <summary><c>flowchat queues pause</c> and <c>resume</c>.</summary>
internal static class PauseCommand
{
    public static Command Build(
        Func<CancellationToken, Task<IServiceProvider>> services,
        bool pauses
    )
    {
        var queue = new Argument<string>("queue")
        {
            Description = $"One of {string.Join(", ", QueueSetup.Names)}.",
        };
        queue.AcceptOnlyFromAmong([.. QueueSetup.Names]);
        var command = pauses
            ? new Command("pause", "Stop the claiming of a queue's jobs, in all processes.")
            : new Command("resume", "Let a paused queue go on.");
        command.Add(queue);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var backend = (
                    await services(cancellationToken)
                ).GetRequiredService<IQueueBackend>();
                var name = parsed.GetRequiredValue(queue);
                await backend.SetPausedAsync(name, pauses, cancellationToken);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    pauses ? $"{name} is paused." : $"{name} goes on."
                );
                return 0;
            }
        );
        return command;
    }
}
