using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace FlowChat.Testing.Servers;

/// <summary>A real nginx with deploy/nginx.conf, on a port of its own, gone with the process that started it.</summary>
public sealed partial class NginxServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";

    // The first that keeps its clients' idle connections through a reload: see deploy/nginx/keepalive.conf.
    private static readonly Version KeepsIdleClients = new(1, 27, 4);

    private readonly string folder = Path.Combine(
        "/tmp",
        $"flowchat-nginx-{Path.GetRandomFileName()}"
    );
    private ChildProcess? process;

    public const string HowToInstall = "This needs nginx: apt-get install nginx-light";

    public static bool IsInstalled => File.Exists(Program);

    public int Port { get; private set; }

    /// <summary>The upstream's list, which deploy/rollout rewrites.</summary>
    public string NodesFile => Path.Combine(folder, "flowchat", "nodes.conf");

    /// <param name="nodes">Name and port of each node on this machine.</param>
    /// <param name="port">0 = a free one.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task StartAsync(
        IEnumerable<(string Name, int Port)> nodes,
        int port,
        CancellationToken ct
    )
    {
        if (!IsInstalled)
            throw new InvalidOperationException(HowToInstall);
        Port = port == 0 ? FreePort.Take() : port;
        Directory.CreateDirectory(Path.Combine(folder, "flowchat"));
        var deploy = Path.Combine(Checkout.Root, "deploy");
        var configuration = await File.ReadAllTextAsync(Path.Combine(deploy, "nginx.conf"), ct);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "nginx.conf"),
            configuration
                .Replace("listen 8080;", $"listen 127.0.0.1:{Port};", StringComparison.Ordinal)
                .Replace("/tmp/nginx", $"{folder}/nginx", StringComparison.Ordinal),
            ct
        );
        await File.WriteAllTextAsync(
            Path.Combine(folder, "flowchat", "keepalive.conf"),
            await VersionAsync(ct) >= KeepsIdleClients
                ? await File.ReadAllTextAsync(Path.Combine(deploy, "nginx", "keepalive.conf"), ct)
                : "keepalive_timeout 0;\n",
            ct
        );
        var list = await File.ReadAllTextAsync(Path.Combine(deploy, "nginx", "nodes.conf"), ct);
        await File.WriteAllTextAsync(NodesFile, ServerLines().Replace(list, LinesOf(nodes)), ct);
        process = ChildProcess.Start(
            Program,
            [.. Arguments, "-g", "daemon off;"],
            new Dictionary<string, string>()
        );
        await WaitUntilItListensAsync(ct);
    }

    /// <summary><c>nginx -t</c>, or <c>nginx -s reload</c>.</summary>
    public async Task<bool> ControlAsync(CancellationToken ct, params string[] command)
    {
        await using var control = ChildProcess.Start(
            Program,
            [.. Arguments, .. command],
            new Dictionary<string, string>()
        );
        return await control.WaitForExitAsync(ct) == 0;
    }

    /// <summary>kill -9 of one of the processes that answer; nginx makes another.</summary>
    public async Task KillWorkerAsync(CancellationToken ct)
    {
        var children = await File.ReadAllTextAsync(
            $"/proc/{process!.Id}/task/{process.Id}/children",
            ct
        );
        if (children.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var first, ..])
            return;
        try
        {
            using var worker = Process.GetProcessById(
                int.Parse(first, CultureInfo.InvariantCulture)
            );
            worker.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended by itself since.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private string[] Arguments => ["-p", folder, "-c", Path.Combine(folder, "nginx.conf")];

    private static string LinesOf(IEnumerable<(string Name, int Port)> nodes) =>
        string.Concat(
            nodes.Select(node =>
                $"  server 127.0.0.1:{node.Port} max_fails=3 fail_timeout=2s; # {node.Name}\n"
            )
        );

    private static async Task<Version> VersionAsync(CancellationToken ct)
    {
        await using var asked = ChildProcess.Start(
            Program,
            ["-v"],
            new Dictionary<string, string>()
        );
        await asked.WaitForExitAsync(ct);
        var line = asked.Output.All.First(line => line.Contains("nginx/"));
        return Version.Parse(line[(line.IndexOf('/') + 1)..].Split(' ')[0]);
    }

    /// <summary>Of an upstream, all of them.</summary>
    [GeneratedRegex(
        @"(^  server .*\n)+",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex ServerLines();

    private async Task WaitUntilItListensAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            if (process!.HasExited)
                throw new InvalidOperationException(string.Join('\n', process.Output.All));
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Port, ct);
                return;
            }
            catch (SocketException)
            {
                await timer.WaitForNextTickAsync(ct);
            }
        }
    }
}
