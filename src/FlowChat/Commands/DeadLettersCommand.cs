using System.CommandLine;

namespace FlowChat.Commands;

/// <summary><c>flowchat dead-letters</c>: what failed for the last time, over all tenants.</summary>
internal static class DeadLettersCommand
{
    public static Command Build(Func<CancellationToken, Task<IServiceProvider>> services) =>
        new("dead-letters", "See what failed for the last time, run it again or remove it.")
        {
            DeadLetterView.BuildList(services),
            DeadLetterView.BuildShow(services),
            DeadLetterAction.Build(services, requeues: true),
            DeadLetterAction.Build(services, requeues: false),
            StrangersCommand.Build(services),
            DeadLetterCopyCommand.Build(services),
        };
}
