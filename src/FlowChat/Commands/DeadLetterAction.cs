using System.CommandLine;
using System.Globalization;
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
            // What looks like an option that there isn't comes here, too.
            CustomParser = result =>
            {
                var read = new List<Guid>();
                foreach (var token in result.Tokens)
                {
                    if (Guid.TryParse(token.Value, out var id))
                        read.Add(id);
                    else
                        result.AddError(
                            $"{token.Value} is neither an id nor an option of this command."
                        );
                }
                return [.. read];
            },
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only count them." };
        var yes = new Option<bool>("--yes") { Description = "Don't ask." };
        var json = new Option<bool>("--json") { Description = "The answer as one JSON object." };
        var pace = Pace();
        command.Add(ids);
        var choice = new DeadLetterChoice(command);
        command.Add(dryRun);
        command.Add(yes);
        command.Add(json);
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
                var run = new DeadLetterRun(letters, requeues, perSecond, streams)
                {
                    Json = parsed.GetValue(json),
                };
                return await run.RunAsync(
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
            CustomParser = result =>
            {
                if (
                    result.Tokens is [{ Value: var text }]
                    && double.TryParse(
                        text,
                        NumberStyles.Float,
                        CultureInfo.InvariantCulture,
                        out var pace
                    )
                    && DeadLetters.CanKeep(pace)
                )
                    return pace;
                result.AddError($"--per-second: {DeadLetters.PaceRemedy}");
                return null;
            },
        };
}
