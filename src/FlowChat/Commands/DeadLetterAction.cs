using System.CommandLine;
using FlowChat.Operations.Work;
using FlowChat.Queues;
using Spectre.Console;

namespace FlowChat.Commands;

/// <summary><c>flowchat dead-letters requeue</c> and <c>discard</c>.</summary>
internal static class DeadLetterAction
{
    public static Command Build(
        Func<CancellationToken, Task<IServiceProvider>> services,
        bool requeues
    )
    {
        var ids = new Argument<Guid[]>("ids")
        {
            Description = "Which; none = all that the options leave.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var queues = DeadLettersCommand.Queues();
        var text = DeadLettersCommand.Text();
        var tenant = DeadLettersCommand.Tenant();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only count them." };
        var yes = new Option<bool>("--yes") { Description = "Don't ask." };
        var command = new Command(
            requeues ? "requeue" : "discard",
            requeues
                ? "Run dead letters again, oldest death first, with all their attempts."
                : "Remove dead letters for good; the messages of sends are failed."
        )
        {
            ids,
            queues,
            text,
            tenant,
            dryRun,
            yes,
        };
        var pace = Pace();
        if (requeues)
        {
            command.Add(pace);
        }
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var letters = (await services(cancellationToken)).GetRequiredService<DeadLetters>();
                var action = new Run(
                    letters,
                    requeues,
                    requeues ? parsed.GetValue(pace) : null,
                    parsed.InvocationConfiguration
                );
                var named = parsed.GetValue(ids);
                var filters = parsed
                    .GetRequiredValue(queues)
                    .Select(queue => new DeadJobFilter
                    {
                        Queue = queue,
                        TenantId = parsed.GetValue(tenant),
                        Ids = named is { Length: > 0 } ? named : null,
                        Text = parsed.GetValue(text),
                    });
                return await action.RunAsync(
                    [.. filters],
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
                    if (result.GetValueOrDefault<double?>() is <= 0 or double.NaN)
                        result.AddError("--per-second: give a number greater than 0.");
                },
            },
        };

    private sealed record Run(
        DeadLetters Letters,
        bool Requeues,
        double? PerSecond,
        InvocationConfiguration Streams
    )
    {
        private string Verb => Requeues ? "Requeue" : "Discard";

        public async Task<int> RunAsync(
            IReadOnlyList<DeadJobFilter> filters,
            bool dryRun,
            bool yes,
            CancellationToken cancellationToken
        )
        {
            var console = Terminal.Open(Streams.Output);
            var counts = new List<int>();
            foreach (var filter in filters)
            {
                counts.Add(await Letters.CountAsync(filter, cancellationToken));
            }
            if (dryRun || counts.Sum() == 0)
            {
                console.WriteLine($"{counts.Sum()} dead letters match. Nothing was changed.");
                return 0;
            }
            if (!yes && !console.Profile.Capabilities.Interactive)
            {
                await Streams.Error.WriteLineAsync(
                    $"{counts.Sum()} dead letters match. Say --yes to {Verb.ToLowerInvariant()} them without being asked."
                );
                return 1;
            }
            var question = new ConfirmationPrompt($"{Verb} {counts.Sum()} dead letters?")
            {
                DefaultValue = false,
            };
            if (!yes && !await question.ShowAsync(console, cancellationToken))
            {
                return 1;
            }
            var done = await ActAsync(console, filters, counts, cancellationToken);
            console.WriteLine($"{done} dead letters {(Requeues ? "run again" : "are gone")}.");
            return 0;
        }

        private async Task<int> ActAsync(
            IAnsiConsole console,
            IReadOnlyList<DeadJobFilter> filters,
            List<int> counts,
            CancellationToken cancellationToken
        )
        {
            var done = 0;
            await console
                .Progress()
                .StartAsync(async progress =>
                {
                    for (var i = 0; i < filters.Count; i++)
                    {
                        if (counts[i] == 0)
                        {
                            continue;
                        }
                        var bar = progress.AddTask(filters[i].Queue, maxValue: counts[i]);
                        done += await ActAsync(filters[i], new Bar(bar), cancellationToken);
                        bar.Value = bar.MaxValue;
                    }
                });
            return done;
        }

        private Task<int> ActAsync(
            DeadJobFilter filter,
            IProgress<int> progress,
            CancellationToken cancellationToken
        ) =>
            Requeues
                ? Letters.RequeueAsync(filter, PerSecond, progress, cancellationToken)
                : Letters.DiscardAsync(filter, progress, cancellationToken);
    }

    // Progress<T> would report on another thread, after the end.
    private sealed class Bar(ProgressTask task) : IProgress<int>
    {
        public void Report(int value) => task.Value = value;
    }
}
