using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FlowChat.Testing.Servers;

/// <summary>A real redis-server on 127.0.0.1 with a folder of its own, gone with the process that started it.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    // Another version of Redis, or Valkey.
    private static readonly string Program =
        Environment.GetEnvironmentVariable("FLOWCHAT_TEST_REDIS") ?? "redis-server";

    private const string PortTaken = "Could not create server TCP listening socket";

    private static readonly string[] Ready = ["Ready to accept connections", "+monitor master"];

    private readonly string folder = Path.Combine(
        "/tmp",
        $"flowchat-redis-{Path.GetRandomFileName()}"
    );
    private readonly string[] settings;
    private readonly bool durable;
    private readonly bool tls;
    private readonly ServerGuard guard;
    private ChildProcess? process;

    /// <param name="durable">Writes an append-only file, so that a restart finds the data again.</param>
    /// <param name="tls">Speaks TLS only, with the two files that the test must have written.</param>
    /// <param name="settings">More of the command line: <c>--requirepass</c>, <c>secret</c>.</param>
    public RedisServer(bool durable = false, bool tls = false, params string[] settings)
    {
        this.durable = durable;
        this.tls = tls;
        this.settings = settings;
        Directory.CreateDirectory(folder);
        guard = ServerGuard.Start(folder, PidFile);
    }

    /// <summary>The same after every restart.</summary>
    public int Port { get; private set; }

    /// <summary>Where its data is, and its working directory.</summary>
    public string Folder => folder;

    public EndPoint Endpoint => new IPEndPoint(IPAddress.Loopback, Port);

    public string Url => $"{(tls ? "rediss" : "redis")}://127.0.0.1:{Port}";

    /// <summary>Used when the test has written it, which a sentinel needs.</summary>
    public string ConfigurationFile => Path.Combine(folder, "redis.conf");

    public string CertificateFile => Path.Combine(folder, "certificate.pem");

    public string KeyFile => Path.Combine(folder, "key.pem");

    public ChildProcess Process => process ?? throw new InvalidOperationException("Not started.");

    private string PidFile => Path.Combine(folder, "pid");

    public static async Task<RedisServer> StartedAsync(
        CancellationToken ct,
        bool durable = false,
        params string[] settings
    )
    {
        var server = new RedisServer(durable, tls: false, settings);
        await server.StartAsync(ct);
        return server;
    }

    /// <summary>After a stop or a kill: on the same port, and on the same data when it is durable.</summary>
    public async Task StartAsync(CancellationToken ct = default)
    {
        for (var first = Port == 0; ; )
        {
            if (first)
                Port = FreePort.Take();
            if (await TryStartAsync(ct))
                return;
            // Between the look for a free port and the start, somebody else may take it.
            if (!first)
                throw new InvalidOperationException($"Port {Port} was taken meanwhile.");
        }
    }

    /// <summary>The polite way.</summary>
    public async Task StopAsync()
    {
        await Process.DisposeAsync();
        process = null;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(CancellationToken ct = default)
    {
        await Process.KillAsync(ct);
        await StopAsync();
    }

    public async Task RestartAsync(CancellationToken ct = default)
    {
        await KillAsync(ct);
        await StartAsync(ct);
    }

    /// <summary>It comes back and has lost everything.</summary>
    public async Task WipeAsync(CancellationToken ct = default)
    {
        await KillAsync(ct);
        if (Directory.Exists(Path.Combine(folder, "appendonlydir")))
            Directory.Delete(Path.Combine(folder, "appendonlydir"), recursive: true);
        await StartAsync(ct);
    }

    /// <summary>One command as typed, and the first line of its answer, without the type's mark.</summary>
    public async Task<string> AskAsync(string command, CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, ct);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), ct);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadLineAsync(ct) ?? "-it hung up";
        return answer[0] switch
        {
            '-' => throw new InvalidOperationException($"{command}: {answer}"),
            '$' => await reader.ReadLineAsync(ct) ?? "",
            _ => answer[1..],
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        await guard.DisposeAsync();
    }

    private async Task<bool> TryStartAsync(CancellationToken ct)
    {
        process = ChildProcess.Start(Program, Arguments(), new Dictionary<string, string>());
        var line = await process.WaitForLineAsync(
            line => IsReady(line) || line.Contains(PortTaken, StringComparison.Ordinal),
            ct
        );
        if (IsReady(line))
            return true;
        await StopAsync();
        return false;
    }

    private static bool IsReady(string line) =>
        Ready.Any(words => line.Contains(words, StringComparison.OrdinalIgnoreCase));

    private string[] Arguments()
    {
        var port = Port.ToString(CultureInfo.InvariantCulture);
        string[] listen = tls
            ? ["--port", "0", "--tls-port", port, "--tls-auth-clients", "no"]
            : ["--port", port];
        string[] certificate = tls
            ? ["--tls-cert-file", CertificateFile, "--tls-key-file", KeyFile]
            : [];
        string[] files = ["--dir", folder, "--pidfile", PidFile];
        string[] data = ["--save", "", "--appendonly", durable ? "yes" : "no"];
        string[] first = File.Exists(ConfigurationFile) ? [ConfigurationFile] : [];
        return
        [
            .. first,
            "--bind",
            "127.0.0.1",
            .. listen,
            .. certificate,
            .. files,
            .. data,
            .. settings,
        ];
    }
}
