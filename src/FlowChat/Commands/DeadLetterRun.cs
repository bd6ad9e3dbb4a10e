using System.CommandLine;
using System.Text.Json;
using FlowChat.Json;
using FlowChat.Operations.Work;
using FlowChat.Queues;
using Spectre.Console;

namespace FlowChat.Commands;

/// <summary>Counts dead letters, asks, and lets them run again or go, with a bar for each queue.</summary>
internal sealed class DeadLetterRun(
    DeadLetters letters,
    bool requeues,
    double? perSecond,
    InvocationConfiguration streams
)
{
    /// <summary>Answers with the document of the HTTP API, and draws no bars.</summary>
    public bool Json { get; init; }

    private string Verb => requeues ? "Requeue" : "Discard";

    public async Task<int> RunAsync(
        IReadOnlyList<DeadJobFilter> filters,
        bool dryRun,
        bool yes,
        CancellationToken cancellationToken
    )
    {
        var console = Terminal.Open(streams.Output);
        var counts = new List<int>();
        foreach (var filter in filters)
        {
            counts.Add(await letters.CountAsync(filter, cancellationToken));
        }
        if (dryRun || counts.Sum() == 0)
        {
            Print(
                console,
                new(counts.Sum(), dryRun),
                $"{Matching(counts.Sum())}. Nothing was changed."
            );
            return 0;
        }
        if (!yes && !console.Profile.Capabilities.Interactive)
        {
            await streams.Error.WriteLineAsync(
                $"{Matching(counts.Sum())}. Say --yes to {Verb.ToLowerInvariant()} without being asked."
            );
            return 1;
        }
        var question = new ConfirmationPrompt($"{Verb} {DeadLetters.Counted(counts.Sum())}?")
        {
            DefaultValue = false,
        };
        if (!yes && !await question.ShowAsync(console, cancellationToken))
        {
            return 1;
        }
        var bars = Json ? Terminal.Open(TextWriter.Null) : console;
        var done = await ActAsync(bars, filters, counts, cancellationToken);
        Print(console, new(done, false), $"{DeadLetters.Counted(done)} {Done(done == 1)}.");
        return 0;
    }

    private static string Matching(int count) =>
        $"{DeadLetters.Counted(count)} {(count == 1 ? "matches" : "match")}";

    private string Done(bool one) =>
        (requeues, one) switch
        {
            (true, true) => "runs again",
            (true, false) => "run again",
            (false, true) => "is gone",
            (false, false) => "are gone",
        };

    private void Print(IAnsiConsole console, DeadLetterAnswer answer, string sentence)
    {
        if (Json)
            streams.Output.WriteLine(JsonSerializer.Serialize(answer, FlowChatJson.Options));
        else
            console.WriteLine(sentence);
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
        requeues
            ? letters.RequeueAsync(filter, perSecond, progress, cancellationToken)
            : letters.DiscardAsync(filter, progress, cancellationToken);

    // Progress<T> would report on another thread, after the end.
    private sealed class Bar(ProgressTask task) : IProgress<int>
    {
        public void Report(int value) => task.Value = value;
    }
}
