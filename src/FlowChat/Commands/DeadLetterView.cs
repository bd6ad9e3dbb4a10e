using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FlowChat.Json;
using FlowChat.Operations.Work;
using FlowChat.Queues;

namespace FlowChat.Commands;

/// <summary><c>flowchat dead-letters list</c> and <c>show</c>.</summary>
internal static class DeadLetterView
{
    private const int ErrorWidth = 80;

    private static readonly JsonSerializerOptions Indented = new(FlowChatJson.Options)
    {
        WriteIndented = true,
    };

    public static Command BuildList(Func<CancellationToken, Task<IServiceProvider>> services)
    {
        var limit = new Option<int>("--limit")
        {
            Description = "The most of a queue that are shown.",
            DefaultValueFactory = _ => 50,
        };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("list", "List dead letters, newest death first.");
        var choice = new DeadLetterChoice(command);
        command.Add(limit);
        command.Add(json);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var letters = (await services(cancellationToken)).GetRequiredService<DeadLetters>();
                var most = Math.Clamp(parsed.GetValue(limit), 1, 10_000);
                var found = new List<DeadLetter>();
                foreach (var filter in choice.Read(parsed))
                {
                    var page = await letters.FindAsync(filter, null, most, cancellationToken);
                    found.AddRange(page.Select(DeadLetter.Of));
                }
                Print(found, parsed.InvocationConfiguration.Output, parsed.GetValue(json));
                return 0;
            }
        );
        return command;
    }

    public static Command BuildShow(Func<CancellationToken, Task<IServiceProvider>> services)
    {
        var id = new Argument<Guid>("id") { Description = "The job's id, as list shows it." };
        var command = new Command("show", "Show all of one dead letter, as JSON.") { id };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var letters = (await services(cancellationToken)).GetRequiredService<DeadLetters>();
                var console = parsed.InvocationConfiguration;
                foreach (var queue in QueueSetup.Names)
                {
                    var filter = new DeadJobFilter { Queue = queue, Ids = [parsed.GetValue(id)] };
                    if (await letters.FindAsync(filter, null, 1, cancellationToken) is [var dead])
                    {
                        var letter = DeadLetter.Of(dead);
                        await console.Output.WriteLineAsync(
                            JsonSerializer.Serialize(letter, Indented)
                        );
                        return 0;
                    }
                }
                await console.Error.WriteLineAsync(
                    $"No dead letter has the id {parsed.GetValue(id)}."
                );
                return 1;
            }
        );
        return command;
    }

    public static void Print(IReadOnlyList<DeadLetter> letters, TextWriter output, bool json)
    {
        if (json)
        {
            foreach (var letter in letters)
            {
                output.WriteLine(JsonSerializer.Serialize(letter, FlowChatJson.Options));
            }
            return;
        }
        var console = Terminal.Open(output);
        var table = console.Table("id", "queue", "died", "attempts", "error");
        foreach (var letter in letters)
        {
            table.AddPlainRow(
                letter.Id.ToString(),
                letter.Queue,
                letter.DeadAt.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                letter.Attempt.ToString(CultureInfo.InvariantCulture),
                Line(letter.Error ?? "")
            );
        }
        console.Write(table);
    }

    private static string Line(string error)
    {
        var line = error.ReplaceLineEndings(" ");
        return line.Length > ErrorWidth ? line[..ErrorWidth] + "…" : line;
    }
}
