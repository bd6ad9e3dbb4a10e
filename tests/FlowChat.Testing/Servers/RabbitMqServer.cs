namespace FlowChat.Testing.Servers;

/// <summary>A real RabbitMQ of its own, with a name service of its own, gone with the process that started it.</summary>
/// <param name="tls">Speaks TLS only, with the two files that the test must have written.</param>
/// <param name="management">With its management.</param>
public sealed class RabbitMqServer(bool tls = false, bool management = false) : IAsyncDisposable
{
    private const string Binaries = "/usr/lib/rabbitmq/bin",
        Node = "flowchat@localhost";

    private readonly string folder = Path.Combine(
        "/tmp",
        $"flowchat-rabbitmq-{Path.GetRandomFileName()}"
    );
    private readonly int namesPort = FreePort.Take();
    private readonly int distributionPort = FreePort.Take();
    private ChildProcess? names;
    private ChildProcess? server;

    /// <summary>The same after every restart.</summary>
    public int Port { get; } = FreePort.Take();

    public string Url => tls ? UrlAt(Port).Replace("amqp:", "amqps:") : UrlAt(Port);

    public int ManagementPort { get; } = FreePort.Take();

    /// <summary>There once the first start has made it, or the test.</summary>
    public string Folder => folder;

    public string CertificateFile => Path.Combine(folder, "certificate.pem");

    public string KeyFile => Path.Combine(folder, "key.pem");

    public const string HowToInstall = "These tests need RabbitMQ: apt-get install rabbitmq-server";

    public static bool IsInstalled => File.Exists($"{Binaries}/rabbitmq-server");

    /// <summary>The server through a proxy on that port.</summary>
    public static string UrlAt(int port) => $"amqp://guest:guest@127.0.0.1:{port}/";

    /// <summary>The first call makes the server; after a kill it starts again on the same data and port.</summary>
    public async Task StartAsync(CancellationToken ct = default)
    {
        if (!IsInstalled)
            throw new InvalidOperationException(HowToInstall);
        Directory.CreateDirectory(
            folder,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        var plugins = management ? "[rabbitmq_management]." : "[].";
        await File.WriteAllTextAsync(Path.Combine(folder, "enabled_plugins"), plugins, ct);
        await File.WriteAllTextAsync(Path.Combine(folder, "rabbitmq.conf"), Configuration(), ct);
        names ??= ChildProcess.Start(
            "/usr/bin/epmd",
            ["-port", $"{namesPort}", "-address", "127.0.0.1"],
            Settings()
        );
        if (server is not null)
            await server.DisposeAsync();
        server = ChildProcess.Start($"{Binaries}/rabbitmq-server", [], Settings());
        await server.WaitForLineAsync(line => line.Contains("completed with"), ct);
    }

    /// <summary>What an operator types: <c>set_policy</c>, <c>add_user</c>.</summary>
    /// <returns>What it prints.</returns>
    public async Task<IReadOnlyList<string>> ControlAsync(
        CancellationToken ct,
        params string[] command
    )
    {
        await using var control = ChildProcess.Start(
            $"{Binaries}/rabbitmqctl",
            ["--node", Node, .. command],
            Settings()
        );
        return await control.WaitForExitAsync(ct) == 0
            ? control.Output.All
            : throw new InvalidOperationException(string.Join('\n', control.Output.All));
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync(CancellationToken ct = default) => server!.KillAsync(ct);

    /// <summary>STOP lets it hang, CONT lets it go on.</summary>
    public Task SignalAsync(string signal, CancellationToken ct = default) =>
        server!.SignalAsync(signal, ct);

    /// <summary>Forgets everything; the server must be dead.</summary>
    public void Wipe() => Directory.Delete(Path.Combine(folder, "mnesia"), recursive: true);

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.KillAsync(CancellationToken.None);
            await server.DisposeAsync();
        }
        if (names is not null)
            await names.DisposeAsync();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private string Configuration() =>
        $"""
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {ManagementPort}
            listeners.{(tls ? "ssl" : "tcp")}.1 = 127.0.0.1:{Port}
            {(tls ? TlsConfiguration : "")}
            """;

    private string TlsConfiguration =>
        $"""
            listeners.tcp = none
            ssl_options.certfile = {CertificateFile}
            ssl_options.keyfile = {KeyFile}
            ssl_options.verify = verify_none
            ssl_options.fail_if_no_peer_cert = false
            """;

    private Dictionary<string, string> Settings() =>
        new(StringComparer.Ordinal)
        {
            ["HOME"] = folder,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = $"{namesPort}",
            ["RABBITMQ_NODENAME"] = Node,
            ["RABBITMQ_DIST_PORT"] = $"{distributionPort}",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq"),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
                "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
            // The shell makes way for the server, so that its process is the one that is killed.
            ["RABBITMQ_ALLOW_INPUT"] = "true",
        };
}
