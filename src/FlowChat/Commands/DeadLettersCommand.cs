using System.CommandLine;
using FlowChat.Operations.Work;

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
        };

    public static Option<string[]> Queues()
    {
        var queues = new Option<string[]>("--queue")
        {
            Description = $"Only of these queues: {string.Join(", ", QueueSetup.Names)}.",
            HelpName = "queue",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [.. QueueSetup.Names.Order(StringComparer.Ordinal)],
        };
        queues.AcceptOnlyFromAmong([.. QueueSetup.Names]);
        return queues;
    }

    public static Option<string?> Text() =>
        new("--q")
        {
            Description = "Only those whose payload, error, lane or limit key contains the text.",
            HelpName = "text",
        };

    public static Option<Guid?> Tenant() =>
        new("--tenant") { Description = "Only of this tenant.", HelpName = "id" };
}
