using Amazon.Runtime;
using Amazon.S3;

namespace FlowChat.Testing.Servers;

/// <summary>A real OpenStack Swift with its S3 interface on 127.0.0.1, in a folder of its own, gone with the process that started it.</summary>
public sealed class SwiftServer : IAsyncDisposable
{
    public const string HowToInstall =
        "These tests need Swift: apt-get install swift-proxy swift-account swift-container swift-object memcached";

    public const string AccessKey = "test:tester";
    public const string SecretKey = "testing";

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly string folder = Path.Combine(
        "/tmp",
        $"flowchat-swift-{Path.GetRandomFileName()}"
    );
    private readonly List<ChildProcess> processes = [];
    private int port;

    public static bool IsInstalled =>
        File.Exists("/usr/bin/swift-proxy-server")
        && File.Exists("/usr/bin/swift-object-server")
        && File.Exists("/usr/bin/memcached");

    public Uri Endpoint => new($"http://127.0.0.1:{port}");

    /// <summary>What FlowChat is told.</summary>
    public IReadOnlyDictionary<string, string?> Settings(string bucket) =>
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["S3_ENDPOINT"] = Endpoint.ToString(),
            ["S3_BUCKET"] = bucket,
            ["S3_ACCESS_KEY"] = AccessKey,
            ["S3_SECRET_KEY"] = SecretKey,
            ["S3_REGION"] = "us-east-1",
        };

    /// <summary>To look at what is in it.</summary>
    public AmazonS3Client CreateClient() =>
        new(
            new BasicAWSCredentials(AccessKey, SecretKey),
            new AmazonS3Config
            {
                ServiceURL = Endpoint.ToString(),
                AuthenticationRegion = "us-east-1",
                ForcePathStyle = true,
            }
        );

    /// <summary>Ready to answer, with an empty bucket.</summary>
    public async Task StartAsync(string bucket, CancellationToken ct)
    {
        if (!IsInstalled)
            throw new InvalidOperationException(HowToInstall);
        Directory.CreateDirectory(Path.Combine(folder, "devices", "d1"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "swift.conf"),
            SwiftConfiguration.Hash,
            ct
        );
        foreach (var kind in SwiftConfiguration.Storages)
            await StartStorageAsync(kind, ct);
        var cache = FreePort.Take();
        Start("memcached", "-l", "127.0.0.1", "-p", $"{cache}", "-u", Environment.UserName);
        port = FreePort.Take();
        await StartProxyAsync(cache, ct);
        await WaitUntilItAnswersAsync(ct);
        using var s3 = CreateClient();
        await s3.PutBucketAsync(bucket, ct);
    }

    /// <summary>The proxy stops or goes on: STOP, CONT.</summary>
    public Task SignalAsync(string signal, CancellationToken ct) =>
        processes[^1].SignalAsync(signal, ct);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(processes.Select(process => process.DisposeAsync().AsTask()));
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private async Task StartStorageAsync(string kind, CancellationToken ct)
    {
        var own = FreePort.Take();
        var file = Path.Combine(folder, $"{kind}.conf");
        await File.WriteAllTextAsync(file, SwiftConfiguration.Storage(kind, own, folder), ct);
        var ring = Path.Combine(folder, $"{kind}.builder");
        await RunAsync("swift-ring-builder", ct, ring, "create", "8", "1", "1");
        await RunAsync("swift-ring-builder", ct, ring, "add", $"r1z1-127.0.0.1:{own}/d1", "1");
        await RunAsync("swift-ring-builder", ct, ring, "rebalance");
        Start($"swift-{kind}-server", file);
    }

    private async Task StartProxyAsync(int cache, CancellationToken ct)
    {
        var file = Path.Combine(folder, "proxy.conf");
        await File.WriteAllTextAsync(file, SwiftConfiguration.Proxy(port, cache, folder), ct);
        Start("swift-proxy-server", file);
    }

    // It says nothing when it begins to listen.
    private async Task WaitUntilItAnswersAsync(CancellationToken ct)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = Endpoint,
        };
        using var timer = new PeriodicTimer(LookAgain);
        while (await timer.WaitForNextTickAsync(ct))
        {
            if (processes.Find(process => process.HasExited) is { } ended)
                throw new InvalidOperationException(string.Join('\n', ended.Output.All));
            try
            {
                using var answer = await http.GetAsync("/info", ct);
                return;
            }
            catch (HttpRequestException) { }
        }
    }

    private void Start(string program, params string[] arguments) =>
        processes.Add(
            ChildProcess.Start(
                $"/usr/bin/{program}",
                arguments,
                new Dictionary<string, string>(StringComparer.Ordinal)
            )
        );

    private static async Task RunAsync(
        string program,
        CancellationToken ct,
        params string[] arguments
    )
    {
        await using var command = ChildProcess.Start(
            $"/usr/bin/{program}",
            arguments,
            new Dictionary<string, string>(StringComparer.Ordinal)
        );
        if (await command.WaitForExitAsync(ct) != 0)
            throw new InvalidOperationException(string.Join('\n', command.Output.All));
    }
}
