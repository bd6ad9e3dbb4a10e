using System.Globalization;
using FlowChat.Testing.Stack;

namespace FlowChat.Chaos.Scenarios;

/// <summary>Each process has a clock that a file moves.</summary>
internal static class Clocks
{
    private static readonly string Folder = Path.Combine(
        "/tmp",
        $"flowchat-clocks-{Environment.ProcessId}"
    );

    public static async Task<StackOptions> PrepareAsync(StackOptions options, CancellationToken ct)
    {
        Directory.CreateDirectory(Folder);
        string[] names =
        [
            .. Enumerable.Range(1, options.Nodes).Select(n => $"api-{n}"),
            .. Enumerable.Range(1, options.Workers).Select(n => $"worker-{n}"),
        ];
        foreach (var name in names)
            await SetAsync(name, 0, ct);
        return options with
        {
            SettingsOf = name => new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["FLOWCHAT_TEST_CLOCK"] = FileOf(name),
            },
            CleanData = _ =>
            {
                Directory.Delete(Folder, recursive: true);
                return Task.CompletedTask;
            },
        };
    }

    public static async Task JumpAsync(ChaosRun run, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(4, 10, over);
            var process = run.Pick(run.Stack.Processes);
            var offset = run.Random.Next(3) switch
            {
                0 => -3_600,
                1 => 3_600,
                _ => 0,
            };
            await run.HarmAsync(
                $"{process.Name} is {offset} s off",
                ct => SetAsync(process.Name, offset, ct)
            );
        }
        foreach (var process in run.Stack.Processes)
            await SetAsync(process.Name, 0, run.Ct);
    }

    private static string FileOf(string name) => Path.Combine(Folder, name);

    private static async Task SetAsync(string name, int seconds, CancellationToken ct)
    {
        // Written aside, so that nobody reads half of it.
        var written = FileOf(name) + ".new";
        await File.WriteAllTextAsync(written, seconds.ToString(CultureInfo.InvariantCulture), ct);
        File.Move(written, FileOf(name), overwrite: true);
    }
}
