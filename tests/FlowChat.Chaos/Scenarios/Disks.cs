using System.Diagnostics;
using FlowChat.Testing.Stack;

namespace FlowChat.Chaos.Scenarios;

/// <summary>The media folder is a file system of its own, which something else fills to the last byte.</summary>
internal static class Disks
{
    private const int Bytes = 64 * 1024 * 1024;

    public static StackOptions Prepare(StackOptions options) =>
        options with
        {
            PrepareData = async data =>
            {
                var folder = Directory.CreateDirectory(Path.Combine(data, "media")).FullName;
                if (
                    await RunAsync("mount", "-t", "tmpfs", "-o", $"size={Bytes}", "tmpfs", folder)
                    != 0
                )
                    throw new InvalidOperationException(
                        "This scenario needs the right to mount a tmpfs."
                    );
            },
            CleanData = async data => await RunAsync("umount", Path.Combine(data, "media")),
        };

    public static async Task FillAsync(ChaosRun run, CancellationToken over)
    {
        var filler = Path.Combine(run.Stack.Data, "media", "filler");
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(5, 10, over);
            await run.HarmAsync("the disk is full", ct => FillAsync(filler, ct));
            await run.PauseAsync(10, 20, over);
            File.Delete(filler);
        }
    }

    private static async Task FillAsync(string filler, CancellationToken ct)
    {
        await using var file = File.Create(filler, bufferSize: 1);
        try
        {
            for (var piece = new byte[65_536]; ; )
                await file.WriteAsync(piece, ct);
        }
        catch (IOException)
        {
            // That is what it is for.
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
