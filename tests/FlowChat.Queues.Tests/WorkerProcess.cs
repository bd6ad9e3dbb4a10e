using System.Diagnostics;
using System.Threading.Channels;

namespace FlowChat.Queues.Tests;

/// <summary>A program in a process of its own, to be killed and stopped.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();

    private WorkerProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, output) =>
        {
            if (output.Data is { } line)
                lines.Writer.TryWrite(line);
            else
                lines.Writer.TryComplete();
        };
        process.BeginOutputReadLine();
    }

    public static async Task<WorkerProcess> StartAsync(params string[] arguments)
    {
        var worker = Start("FlowChat.Queues.TestWorker", arguments);
        await worker.UntilAsync("ready");
        return worker;
    }

    public static WorkerProcess Start(string program, params string[] arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{program}.dll");
        var start = new ProcessStartInfo("dotnet", [path, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        return new WorkerProcess(Process.Start(start)!);
    }

    /// <summary>Waits for a line that begins so.</summary>
    public async Task<string> UntilAsync(string beginning)
    {
        var ct = TestContext.Current.CancellationToken;
        while (true)
        {
            var line = await lines.Reader.ReadAsync(ct).AsTask().WaitAsync(QueueBed.Soon, ct);
            if (line.StartsWith(beginning, StringComparison.Ordinal))
                return line;
        }
    }

    public void Say(string line) => process.StandardInput.WriteLine(line);

    public Task StopAsync() => SignalAsync("-STOP");

    public Task ContinueAsync() => SignalAsync("-CONT");

    /// <summary>Tells it to stop, and waits until it has.</summary>
    /// <returns>What it ended with.</returns>
    public async Task<int> TerminateAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        await SignalAsync("-TERM");
        await process.WaitForExitAsync(ct).WaitAsync(QueueBed.Soon, ct);
        return process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }
}
