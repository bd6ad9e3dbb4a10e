using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Dapper;
using FlowChat.Storage.Embedded;
using FlowChat.Testing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FlowChat.Tests.Storage;

/// <summary>Drives embedded servers of one data folder, and leaves nothing of them behind.</summary>
internal sealed class EmbeddedServer : ILogger, IAsyncDisposable
{
    private readonly DirectoryInfo root = Directory.CreateDirectory(
        $"/tmp/flowchat-test-{Path.GetRandomFileName()}"
    );
    private readonly ConcurrentQueue<EmbeddedPostgres> started = [];
    private readonly List<Process> holders = [];
    private readonly ConcurrentQueue<string> logged = [];
    private readonly SemaphoreSlim lines = new(0);

    public EmbeddedServer(string dataFolder = "data", string? binaries = null)
    {
        Options = new EmbeddedPostgresOptions
        {
            DataFolder = Path.Combine(root.FullName, dataFolder),
            BinariesFolder = binaries ?? Checkout.PostgresFolder(),
            SystemFolder = Path.Combine(root.FullName, "system"),
            WatchInterval = TimeSpan.FromMilliseconds(100),
        };
        Directory.CreateDirectory(Options.DataFolder);
    }

    public EmbeddedPostgresOptions Options { get; }

    public IReadOnlyCollection<string> Logged => logged;

    public string Cluster => Path.Combine(Options.DataFolder, "postgres");

    public string PidFile => Path.Combine(Cluster, "postmaster.pid");

    /// <summary>The process of the server that runs or that left its pid file.</summary>
    public int Pid => int.Parse(File.ReadLines(PidFile).First(), CultureInfo.InvariantCulture);

    public async Task<EmbeddedPostgres> StartAsync()
    {
        var server = await EmbeddedPostgres.StartAsync(
            Options,
            this,
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );
        started.Enqueue(server);
        return server;
    }

    /// <summary>Another process, which uses the server while its input is open.</summary>
    public Process StartHolder()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "FlowChat.Testing");
        var holder = Process.Start(
            new ProcessStartInfo(program, ["hold-postgres", Options.DataFolder])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        holders.Add(holder);
        return holder;
    }

    public async Task WaitForLogAsync(string text)
    {
        while (!logged.Any(line => line.Contains(text, StringComparison.Ordinal)))
            await lines.WaitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until the server itself has logged the text.</summary>
    public async Task WaitForLogFileAsync(string text)
    {
        using var watcher = new FileSystemWatcher(Cluster, "server.log");
        using var changes = new SemaphoreSlim(1);
        watcher.Changed += (_, _) => changes.Release();
        watcher.EnableRaisingEvents = true;
        do await changes.WaitAsync(TestContext.Current.CancellationToken);
        while (
            !(await File.ReadAllTextAsync(Path.Combine(Cluster, "server.log"))).Contains(
                text,
                StringComparison.Ordinal
            )
        );
    }

    public static async Task<T?> QueryAsync<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    public static async Task KillAsync(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var holder in holders)
        {
            if (!holder.HasExited)
                holder.Kill();
            await holder.WaitForExitAsync();
            holder.Dispose();
        }
        // Whatever was left behind is adopted and stopped.
        if (started.IsEmpty && File.Exists(PidFile))
            await StartAsync();
        foreach (var server in started)
            await server.DisposeAsync();
        lines.Dispose();
        root.Delete(recursive: true);
    }

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    void ILogger.Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        logged.Enqueue(formatter(state, exception));
        lines.Release();
    }
}
