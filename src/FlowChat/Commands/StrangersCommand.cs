using System.CommandLine;
using FlowChat.Operations.Work;

namespace FlowChat.Commands;

/// <summary><c>flowchat dead-letters strangers</c>.</summary>
internal static class StrangersCommand
{
    public static Command Build(Func<CancellationToken, Task<IServiceProvider>> services)
    {
        var discard = new Option<bool>("--discard") { Description = "Remove them for good." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command(
            "strangers",
            "List dead entries of Redis that never had a row in the database, such as an older producer's."
        )
        {
            discard,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var strangers = (await services(cancellationToken)).GetRequiredService<Strangers>();
                var output = parsed.InvocationConfiguration.Output;
                var found = await strangers.FindAsync(cancellationToken);
                DeadLetterView.Print(
                    [.. found.Select(DeadLetter.Of)],
                    output,
                    parsed.GetValue(json)
                );
                if (parsed.GetValue(discard))
                {
                    var gone = await strangers.DiscardAsync(cancellationToken);
                    if (!parsed.GetValue(json))
                    {
                        await output.WriteLineAsync(
                            $"{DeadLetters.Counted(gone)} {(gone == 1 ? "is" : "are")} gone."
                        );
                    }
                }
                return 0;
            }
        );
        return command;
    }
}
