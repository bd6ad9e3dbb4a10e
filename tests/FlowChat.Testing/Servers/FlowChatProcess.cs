using System.Globalization;

namespace FlowChat.Testing.Servers;

/// <summary>FlowChat as it is deployed: its own process, with settings from the environment.</summary>
public sealed class FlowChatProcess : IAsyncDisposable
{
    private const string Ready = "FlowChat is ready on ";
    private const string WorkersReady = "FlowChat's workers are ready";

    private readonly Dictionary<string, string> settings;
    private readonly string[] arguments;
    private ChildProcess process;

    private FlowChatProcess(string program, Dictionary<string, string> settings, string[] arguments)
    {
        this.settings = settings;
        this.arguments = arguments;
        process = ChildProcess.Start(program, arguments, settings);
    }

    /// <summary>Built in the same configuration as the code that runs now.</summary>
    public static string Program { get; } =
        Path.Combine(
            Checkout.Root,
            "artifacts",
            "bin",
            "FlowChat",
            new DirectoryInfo(AppContext.BaseDirectory).Name,
            "flowchat"
        );

    /// <summary>The same after every restart.</summary>
    public Uri BaseUrl { get; private set; } = new("http://127.0.0.1:0");

    public ChildProcess Process => process;

    /// <summary>The most memory that it has had, in megabytes.</summary>
    public int PeakMegabytes =>
        File.ReadLines($"/proc/{process.Id}/status")
            .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Select(line =>
                int.Parse(
                    line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                    CultureInfo.InvariantCulture
                )
            )
            .Single() / 1024;

    /// <summary>Serves on a free port unless the settings name one, and is ready when this returns.</summary>
    public static Task<FlowChatProcess> StartAsync(
        IReadOnlyDictionary<string, string> settings,
        CancellationToken ct,
        params string[] arguments
    ) => StartAsync(Program, settings, ct, arguments);

    /// <summary>The same of another release.</summary>
    public static async Task<FlowChatProcess> StartAsync(
        string program,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken ct,
        params string[] arguments
    )
    {
        if (arguments is ["worker", ..])
            return await ReadyAsync(new FlowChatProcess(program, new(settings), arguments), ct);
        var own = new Dictionary<string, string>(settings);
        own.TryAdd("FLOWCHAT_PORT", "0");
        // Only a published program has the inbox beside it.
        own.TryAdd("ASPNETCORE_WEBROOT", Checkout.PageFolder);
        return await ReadyAsync(new FlowChatProcess(program, own, arguments), ct);
    }

    /// <summary>Workers alone, which work when this returns.</summary>
    public static Task<FlowChatProcess> StartWorkersAsync(
        IReadOnlyDictionary<string, string> settings,
        CancellationToken ct,
        params string[] options
    ) => StartAsync(Program, settings, ct, ["worker", .. options]);

    /// <summary>Runs a command to its end; a failure throws with all that it printed.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(
        IReadOnlyDictionary<string, string> settings,
        CancellationToken ct,
        params string[] arguments
    )
    {
        await using var command = ChildProcess.Start(Program, arguments, settings);
        var exitCode = await command.WaitForExitAsync(ct);
        return exitCode == 0
            ? command.Output.All
            : throw new InvalidOperationException(
                $"flowchat {string.Join(' ', arguments)} ended with {exitCode}: {string.Join('\n', command.Output.All)}"
            );
    }

    public Task KillAsync(CancellationToken ct) => process.KillAsync(ct);

    /// <summary>SIGTERM; returns the exit code once it has drained.</summary>
    public async Task<int> StopAsync(CancellationToken ct)
    {
        await process.SignalAsync("TERM", ct);
        return await process.WaitForExitAsync(ct);
    }

    /// <summary>Starts again after a stop or a kill, on the same port.</summary>
    public Task StartAgainAsync(CancellationToken ct) => StartAgainAsync(Program, ct);

    /// <summary>The same of another release.</summary>
    public async Task StartAgainAsync(string program, CancellationToken ct)
    {
        await process.DisposeAsync();
        process = ChildProcess.Start(program, arguments, settings);
        await WaitUntilReadyAsync(ct);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static async Task<FlowChatProcess> ReadyAsync(
        FlowChatProcess flowChat,
        CancellationToken ct
    )
    {
        try
        {
            await flowChat.WaitUntilReadyAsync(ct);
            return flowChat;
        }
        catch
        {
            await flowChat.DisposeAsync();
            throw;
        }
    }

    private async Task WaitUntilReadyAsync(CancellationToken ct)
    {
        if (arguments is ["worker", ..])
        {
            await process.WaitForLineAsync(
                line => line.Contains(WorkersReady, StringComparison.Ordinal),
                ct
            );
            return;
        }
        var line = await process.WaitForLineAsync(
            line => line.Contains(Ready, StringComparison.Ordinal),
            ct
        );
        BaseUrl = new Uri(
            line[(line.IndexOf(Ready, StringComparison.Ordinal) + Ready.Length)..].Trim()
        );
        settings["FLOWCHAT_PORT"] = $"{BaseUrl.Port}";
    }
}
