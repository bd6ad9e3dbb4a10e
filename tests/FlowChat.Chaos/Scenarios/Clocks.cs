using System.Globalization;
using FlowChat.Testing.Stack;

namespace FlowChat.Chaos.Scenarios;

/// <summary>Each process has a clock that a file moves, by libfaketime.</summary>
internal static class Clocks
{
    private const string HowToInstall =
        "This scenario needs libfaketime: apt-get install libfaketime";

    // Debian's folder has the processor's name.
    private static readonly EnumerationOptions OneDeeper = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 2,
    };

    private static readonly string? Library = Directory
        .EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", OneDeeper)
        .FirstOrDefault();

    private static readonly string Folder = Path.Combine(
        "/tmp",
        $"flowchat-clocks-{Environment.ProcessId}"
    );

    public static async Task<StackOptions> PrepareAsync(StackOptions options, CancellationToken ct)
    {
        if (Library is not { } library)
            throw new InvalidOperationException(HowToInstall);
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
                ["LD_PRELOAD"] = library,
                ["FAKETIME_TIMESTAMP_FILE"] = FileOf(name),
                ["FAKETIME_CACHE_DURATION"] = "1",
                // What jumps is the time of day, not what timers go by.
                ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
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
        await File.WriteAllTextAsync(
            written,
            seconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture) + "\n",
            ct
        );
        File.Move(written, FileOf(name), overwrite: true);
    }
}
