using System.CommandLine;
using FlowChat.Operations.Work;

namespace FlowChat.Commands;

/// <summary><c>flowchat dead-letters requeue</c> and <c>discard</c>.</summary>
internal static class DeadLetterAction
{
    public static Command Build(
        Func<CancellationToken, Task<IServiceProvider>> services,
        bool requeues
    )
    {
        var command = requeues
            ? new Command(
                "requeue",
                "Run dead letters again, oldest death first, with all their attempts."
            )
            : new Command(
                "discard",
                "Remove dead letters for good; the messages of sends are failed."
            );
        var ids = new Argument<Guid[]>("ids")
        {
            Description = "Which; none = all that the options leave.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only count them." };
        var yes = new Option<bool>("--yes") { Description = "Don't ask." };
        var pace = Pace();
        command.Add(ids);
        var choice = new DeadLetterChoice(command);
        command.Add(dryRun);
        command.Add(yes);
        if (requeues)
        {
            command.Add(pace);
        }
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var letters = (await services(cancellationToken)).GetRequiredService<DeadLetters>();
                var perSecond = requeues ? parsed.GetValue(pace) : null;
                var streams = parsed.InvocationConfiguration;
                return await new DeadLetterRun(letters, requeues, perSecond, streams).RunAsync(
                    choice.Read(parsed, parsed.GetValue(ids)),
                    parsed.GetValue(dryRun),
                    parsed.GetValue(yes),
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static Option<double?> Pace() =>
        new("--per-second")
        {
            Description = "How many become due each second. Default: all at once.",
            HelpName = "count",
            Validators =
            {
                result =>
                {
                    if (
                        result.GetValueOrDefault<double?>() is { } pace
                        && !(pace >= DeadLetters.SlowestPace)
                    )
                        result.AddError(
                            $"--per-second: give a number of at least {DeadLetters.SlowestPace}."
                        );
                },
            },
        };
}
