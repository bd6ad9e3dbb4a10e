using System.Diagnostics;
using System.Threading.Channels;

namespace FlowChat.Queues.Tests;

/// <summary>A worker in a process of its own, to be killed and stopped.</summary>
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
        var program = Path.Combine(AppContext.BaseDirectory, "FlowChat.Queues.TestWorker.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var worker = new WorkerProcess(Process.Start(start)!);
        await worker.UntilAsync("ready");
        return worker;
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
