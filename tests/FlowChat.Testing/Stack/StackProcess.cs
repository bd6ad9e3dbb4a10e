using FlowChat.Testing.Servers;

namespace FlowChat.Testing.Stack;

/// <summary>A node or a worker, started again as a supervisor would when it ends without having been asked to.</summary>
public sealed class StackProcess(
    string name,
    IReadOnlyDictionary<string, string> settings,
    string[] arguments
) : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly CancellationTokenSource ending = new();
    private readonly List<string> log = [];
    private readonly List<string> crashes = [];
    private FlowChatProcess? process;
    private Task watching = Task.CompletedTask;
    private volatile bool isWanted;

    public string Name { get; } = name;

    public bool IsWorker => arguments is ["worker", ..];

    /// <summary>Whether it was ready at its last start and has not ended since.</summary>
    public bool IsUp => isWanted && process is { Process.HasExited: false };

    /// <summary>Of its next start: that of a release.</summary>
    public string Program { get; set; } = FlowChatProcess.Program;

    public int Port => process!.BaseUrl.Port;

    public int ProcessId => process!.Process.Id;

    /// <summary>Where <c>/metrics</c> is; empty without FLOWCHAT_METRICS_BIND.</summary>
    public string Metrics => settings.GetValueOrDefault("FLOWCHAT_METRICS_BIND", "");

    /// <summary>The ends that nobody asked for, with their exit codes, and starts that failed.</summary>
    public IReadOnlyList<string> Crashes
    {
        get
        {
            lock (crashes)
                return [.. crashes];
        }
    }

    /// <summary>Ready when this returns, however often it has to try.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if (IsUp)
                return;
            while (!await TryStartAsync(ct)) { }
            isWanted = true;
            watching = WatchAsync(process!.Process);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            isWanted = false;
            if (process is { Process.HasExited: false })
                await process.KillAsync(ct);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>SIGTERM, and its exit code.</summary>
    public async Task<int> StopAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            isWanted = false;
            return await process!.StopAsync(ct);
        }
        finally
        {
            gate.Release();
        }
    }

    public Task SignalAsync(string signal, CancellationToken ct) =>
        process!.Process.SignalAsync(signal, ct);

    /// <summary>All that it has printed, over all its starts.</summary>
    public IReadOnlyList<string> Log => [.. log, .. process?.Process.Output.All ?? []];

    public async ValueTask DisposeAsync()
    {
        isWanted = false;
        await ending.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (process is not null)
            await process.DisposeAsync();
        ending.Dispose();
        gate.Dispose();
    }

    private async Task<bool> TryStartAsync(CancellationToken ct)
    {
        try
        {
            if (process is not null)
            {
                log.AddRange(process.Process.Output.All);
                await process.StartAgainAsync(Program, ct);
            }
            else
            {
                process = await FlowChatProcess.StartAsync(Program, settings, ct, arguments);
            }
            return true;
        }
        catch (InvalidOperationException error)
        {
            Note($"{Name} didn't start: {error.Message}");
            return false;
        }
    }

    private async Task WatchAsync(ChildProcess watched)
    {
        var exitCode = await watched.WaitForExitAsync(ending.Token);
        if (!isWanted || ending.IsCancellationRequested)
            return;
        Note($"{Name} ended by itself with {exitCode}");
        isWanted = false;
        await StartAsync(ending.Token);
    }

    private void Note(string crash)
    {
        lock (crashes)
            crashes.Add(crash);
    }
}
