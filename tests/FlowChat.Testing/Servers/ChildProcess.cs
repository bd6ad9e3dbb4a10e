using System.Diagnostics;

namespace FlowChat.Testing.Servers;

/// <summary>A program that runs beside the tests, its output captured, ended when this process ends.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    // On the end of its input, which comes also when this process is killed: first the polite way, then the other.
    private const string Guard = """
        trap '' INT TERM HUP
        read -r _
        kill -CONT "$1" 2>/dev/null
        kill -TERM "$1" 2>/dev/null
        tries=0
        while kill -0 "$1" 2>/dev/null && [ $((tries += 1)) -lt 500 ]; do sleep 0.02; done
        kill -KILL "$1" 2>/dev/null
        """;

    private readonly Process process;
    private readonly Process guard;

    private ChildProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Capture(line.Data);
        process.ErrorDataReceived += (_, line) => Capture(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        guard = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", Guard, "sh", $"{process.Id}"])
            {
                RedirectStandardInput = true,
                UseShellExecute = false,
                WorkingDirectory = "/",
            }
        )!;
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>The lines of both outputs.</summary>
    public SignalledLog<string> Output { get; } = new();

    /// <summary>Settings are added to this process's environment.</summary>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> settings
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>Fails when the program ends without such a line.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> predicate, CancellationToken ct)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var line = Output.WaitAsync(predicate, ended.Token);
        await Task.WhenAny(line, process.WaitForExitAsync(ended.Token));
        if (!line.IsCompleted)
            await ended.CancelAsync();
        return line.IsCompletedSuccessfully ? await line
            : ct.IsCancellationRequested ? throw new OperationCanceledException(Said(), ct)
            : throw new InvalidOperationException($"It ended with {process.ExitCode}. {Said()}");
    }

    /// <summary>A signal by its short name: TERM, INT, STOP, CONT.</summary>
    public async Task SignalAsync(string signal, CancellationToken ct)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync(ct);
    }

    /// <summary>kill -9 of the program alone, not of what it started.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        process.Kill();
        await process.WaitForExitAsync(ct);
    }

    public async Task<int> WaitForExitAsync(CancellationToken ct)
    {
        await process.WaitForExitAsync(ct);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        guard.StandardInput.Close();
        await guard.WaitForExitAsync();
        await process.WaitForExitAsync();
        guard.Dispose();
        process.Dispose();
    }

    private string Said() => $"{process.StartInfo.FileName} said:\n{string.Join('\n', Output.All)}";

    private void Capture(string? line)
    {
        if (line is not null)
            Output.Add(line);
    }
}
