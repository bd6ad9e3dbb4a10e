using System.Net;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Servers;

namespace FlowChat.Testing.Stack;

/// <summary>
/// The topology of deploy/compose.yaml as plain processes of this machine: nginx before two nodes, two workers,
/// PostgreSQL, Redis, RabbitMQ and a fake Evolution, with a proxy on every way of the processes that can be made bad.
/// </summary>
public sealed class FlowChatStack : IAsyncDisposable
{
    public const string ApiKey = "fck_stack_0123456789abcdef",
        OwnerEmail = "owner0@stack.example",
        Password = "stack-password-1";

    private readonly StackOptions options;
    private readonly List<StackEdge> edges = [];
    private readonly Dictionary<string, string> shared;
    private readonly string folder = Path.Combine(
        "/tmp",
        $"flowchat-stack-{Path.GetRandomFileName()}"
    );
    private string database = "";

    private FlowChatStack(StackOptions options)
    {
        this.options = options;
        // Open to the account that PostgreSQL runs under when this runs as root.
        Directory.CreateDirectory(folder);
        shared = new(StringComparer.Ordinal)
        {
            ["FLOWCHAT_DATA"] = Data,
            ["FLOWCHAT_MASTER_KEY"] = Convert.ToBase64String(new byte[32]),
            ["FLOWCHAT_ADMIN_EMAIL"] = OwnerEmail,
            ["FLOWCHAT_ADMIN_PASSWORD"] = Password,
            ["FLOWCHAT_ADMIN_API_KEY"] = ApiKey,
            ["FLOWCHAT_POSTGRES"] = Checkout.PostgresFolder(),
        };
        foreach (var (name, value) in options.Settings)
            shared[name] = value;
    }

    public PostgresServer Postgres { get; } = new(durable: true);

    public RedisServer Redis { get; } = new(durable: true);

    public RabbitMqServer RabbitMq { get; } = new();

    public NginxServer Nginx { get; } = new();

    public FakeEvolution Gateway { get; private set; } = null!;

    /// <summary>The nodes first, then the workers.</summary>
    public IReadOnlyList<StackProcess> Processes { get; private set; } = [];

    public IEnumerable<StackProcess> Nodes => Processes.Where(process => !process.IsWorker);

    public IEnumerable<StackProcess> Workers => Processes.Where(process => process.IsWorker);

    public IReadOnlyList<StackEdge> Edges => edges;

    /// <summary>Where people and programs come in: nginx.</summary>
    public Uri Address =>
        new(
            $"http://127.0.0.1:{(options.ProxiesNginx ? Edge("agents", "nginx").Port : Nginx.Port)}"
        );

    /// <summary>Where the processes reach the gateway.</summary>
    public Uri GatewayAddress => new($"http://127.0.0.1:{Edge("flowchat", "gateway").Port}");

    /// <summary>Past every proxy, as the login that owns it.</summary>
    public string Database => database;

    /// <summary>FLOWCHAT_DATA of all processes.</summary>
    public string Data => Path.Combine(folder, "data");

    /// <summary>Of the command line: the same database, past the proxies.</summary>
    public IReadOnlyDictionary<string, string> CommandSettings =>
        new Dictionary<string, string>(shared) { ["DATABASE_URL"] = database };

    public static async Task<FlowChatStack> StartAsync(StackOptions options, CancellationToken ct)
    {
        var stack = new FlowChatStack(options);
        try
        {
            await stack.BeginAsync(ct);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    public StackEdge Edge(string from, string to) =>
        edges.First(edge => edge.From == from && edge.To == to);

    /// <summary>All ways as good as new.</summary>
    public void Heal() => edges.ForEach(edge => edge.Heal());

    /// <summary>What every process has printed, a file for each.</summary>
    public async Task WriteLogsAsync(string into, CancellationToken ct)
    {
        Directory.CreateDirectory(into);
        foreach (var process in Processes)
            await File.WriteAllLinesAsync(
                Path.Combine(into, $"{process.Name}.log"),
                process.Log,
                ct
            );
    }

    public async ValueTask DisposeAsync()
    {
        Heal();
        await Nginx.DisposeAsync();
        await Task.WhenAll(Processes.Select(process => process.DisposeAsync().AsTask()));
        if (Gateway is not null)
            await Gateway.DisposeAsync();
        foreach (var edge in edges)
            await edge.DisposeAsync();
        await RabbitMq.DisposeAsync();
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
        if (options.CleanData is { } clean)
            await clean(Data);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private async Task BeginAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Data);
        if (options.PrepareData is { } prepare)
            await prepare(Data);
        Gateway = await FakeEvolution.StartAsync(pauses: options.GatewayPauses);
        await Task.WhenAll(Postgres.StartAsync(ct), Redis.StartAsync(ct), RabbitMq.StartAsync(ct));
        database = PostgresServer.OverTcp(
            await Postgres.CreateDatabaseAsync(ct: ct),
            Postgres.Port
        );
        Connect("flowchat", "gateway", Gateway.Port);
        // Taken before nginx listens, because the nodes are told it first.
        var port = options.Port == 0 ? FreePort.Take() : options.Port;
        Connect("gateway", "nginx", port);
        if (options.ProxiesNginx)
            Connect("agents", "nginx", port);
        shared["FLOWCHAT_PUBLIC_URL"] = $"http://127.0.0.1:{Edge("gateway", "nginx").Port}";
        Processes =
        [
            .. Enumerable.Range(1, options.Nodes).Select(n => Node($"api-{n}")),
            .. Enumerable.Range(1, options.Workers).Select(n => Worker($"worker-{n}")),
        ];
        await Task.WhenAll(Processes.Select(process => process.StartAsync(ct)));
        await Nginx.StartAsync(Nodes.Select(node => (node.Name, PortFor(node))), port, ct);
    }

    private int PortFor(StackProcess node)
    {
        if (!options.ProxiesNginx)
            return node.Port;
        Connect("nginx", node.Name, node.Port);
        return Edge("nginx", node.Name).Port;
    }

    private StackProcess Node(string name)
    {
        var settings = Settings(name);
        settings["FLOWCHAT_METRICS_BIND"] = $"127.0.0.1:{FreePort.Take()}";
        return Process(name, settings, "serve", "--no-workers");
    }

    private StackProcess Worker(string name) => Process(name, Settings(name), "worker");

    private StackProcess Process(
        string name,
        Dictionary<string, string> settings,
        params string[] arguments
    ) => new(name, settings, arguments) { Program = options.Program };

    private Dictionary<string, string> Settings(string name)
    {
        Connect(name, "postgresql", Postgres.Port);
        Connect(name, "redis", Redis.Port);
        Connect(name, "rabbitmq", RabbitMq.Port);
        var settings = new Dictionary<string, string>(shared)
        {
            ["DATABASE_URL"] = PostgresServer.OverTcp(database, Edge(name, "postgresql").Port),
            ["REDIS_URL"] = $"redis://127.0.0.1:{Edge(name, "redis").Port}",
            ["RABBITMQ_URL"] = RabbitMqServer.UrlAt(Edge(name, "rabbitmq").Port),
        };
        foreach (var (setting, value) in options.SettingsOf(name))
            settings[setting] = value;
        return settings;
    }

    private void Connect(string from, string to, int port) =>
        edges.Add(new StackEdge(from, to, new IPEndPoint(IPAddress.Loopback, port)));
}

/// <summary>What a stack has otherwise than usual.</summary>
public sealed record StackOptions
{
    public int Nodes { get; init; } = 2;

    public int Workers { get; init; } = 2;

    /// <summary>Of nginx; 0 = a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// A proxy also before nginx for its clients, and between it and each node. A node that is down then accepts and hangs
    /// up, which nginx takes for a request that may have been done: only where the ways themselves are what is tested.
    /// </summary>
    public bool ProxiesNginx { get; init; }

    /// <summary>What they begin with: this release, or an earlier one.</summary>
    public string Program { get; init; } = FlowChatProcess.Program;

    /// <summary>Of every process, by their environment names.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Of one process, by its name.</summary>
    public Func<string, IReadOnlyDictionary<string, string>> SettingsOf { get; init; } =
        _ => new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Between the gateway's attempts to post a webhook; null = those of the fake.</summary>
    public IReadOnlyList<TimeSpan>? GatewayPauses { get; init; }

    /// <summary>Done to the data folder before anything starts.</summary>
    public Func<string, Task>? PrepareData { get; init; }

    /// <summary>Done to it after everything has ended.</summary>
    public Func<string, Task>? CleanData { get; init; }
}
