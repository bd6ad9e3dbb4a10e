using Dapper;
using FlowChat.Bench.Load;
using FlowChat.Bench.Results;
using FlowChat.Storage.Embedded;
using FlowChat.Testing;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FlowChat.Bench;

/// <summary>FlowChat as ./dev run starts it, with its embedded PostgreSQL, and ten tenants of one number each.</summary>
internal sealed class BenchedFlowChat : IAsyncDisposable
{
    public const string Password = "bench-password-1";

    private readonly string folder = Path.Combine(
        "/tmp",
        $"flowchat-bench-{Path.GetRandomFileName()}"
    );
    private readonly List<FlowChatClient> tenants = [];
    private readonly List<WebhookRoute> routes = [];
    private FakeEvolution? gateway;
    private FlowChatProcess? process;
    private EmbeddedPostgres? database;

    private readonly IReadOnlyDictionary<string, string?> more;

    private BenchedFlowChat(IReadOnlyDictionary<string, string?>? more) =>
        this.more = more ?? new Dictionary<string, string?>(StringComparer.Ordinal);

    public Uri BaseUrl => process!.BaseUrl;

    public int Port => process!.BaseUrl.Port;

    public int ProcessId => process!.Process.Id;

    /// <summary>The server that FlowChat runs on, held open beside it.</summary>
    public string ConnectionString => database!.ConnectionString;

    public int PostmasterId { get; private set; }

    /// <summary>One client for each tenant, in the order in which the workload goes round.</summary>
    public IReadOnlyList<FlowChatClient> Tenants => tenants;

    public IReadOnlyList<WebhookRoute> Routes => routes;

    /// <summary>The gateway of all numbers.</summary>
    public FakeEvolution Gateway => gateway!;

    private static string Postgres =>
        Environment.GetEnvironmentVariable("FLOWCHAT_POSTGRES") ?? Checkout.PostgresFolder();

    private Dictionary<string, string> Settings =>
        new(more.Select(one => KeyValuePair.Create(one.Key, one.Value!)))
        {
            ["FLOWCHAT_DATA"] = folder,
            ["FLOWCHAT_POSTGRES"] = Postgres,
            ["FLOWCHAT_ADMIN_EMAIL"] = OwnerOf(0),
            ["FLOWCHAT_ADMIN_PASSWORD"] = Password,
        };

    public static async Task<BenchedFlowChat> StartAsync(
        TimeProvider time,
        CancellationToken ct,
        IReadOnlyDictionary<string, string?>? more = null
    )
    {
        var flowChat = new BenchedFlowChat(more);
        try
        {
            await flowChat.BeginAsync(time, ct);
            return flowChat;
        }
        catch
        {
            await flowChat.DisposeAsync();
            throw;
        }
    }

    /// <summary>What autovacuum does after a minute: until then new tables have no statistics.</summary>
    public async Task AnalyzeAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.ExecuteAsync(
            new CommandDefinition(
                "set role flowchat_migrator; analyze; reset role",
                cancellationToken: ct
            )
        );
    }

    public async ValueTask DisposeAsync()
    {
        tenants.ForEach(tenant => tenant.Dispose());
        if (process is not null)
            await process.DisposeAsync();
        if (database is not null)
            await database.DisposeAsync();
        if (gateway is not null)
            await gateway.DisposeAsync();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private async Task BeginAsync(TimeProvider time, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        gateway = await FakeEvolution.StartAsync();
        process = await FlowChatProcess.StartAsync(Settings, ct, "serve");
        await AttachDatabaseAsync(time, ct);
        for (var n = 0; n < Workload.Tenants; n++)
            await AddTenantAsync(n, gateway, process, ct);
    }

    private async Task AttachDatabaseAsync(TimeProvider time, CancellationToken ct)
    {
        database = await EmbeddedPostgres.StartAsync(
            new() { DataFolder = folder, BinariesFolder = Postgres },
            NullLogger.Instance,
            time,
            ct
        );
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(ct);
        PostmasterId = CpuShare.ParentOf(connection.ProcessID);
    }

    private async Task AddTenantAsync(
        int n,
        FakeEvolution evolution,
        FlowChatProcess server,
        CancellationToken ct
    )
    {
        // The first start made the first one.
        if (n > 0)
            await FlowChatProcess.RunAsync(
                Settings,
                ct,
                [
                    "admin",
                    "create-tenant",
                    "--name",
                    $"Tenant {n}",
                    "--email",
                    OwnerOf(n),
                    "--password",
                    Password,
                ]
            );
        var tenant = new FlowChatClient(
            server.BaseUrl,
            await OwnerKey.CreateAsync(server.BaseUrl, OwnerOf(n), Password, ct)
        );
        tenants.Add(tenant);
        var number = evolution.AddInstance($"tenant-{n}");
        var instance = await tenant.CreateEvolutionInstanceAsync(
            number.Name,
            evolution.BaseUrl,
            evolution.ApiKey,
            number.Name,
            ct
        );
        routes.Add(
            new WebhookRoute(
                $"/webhooks/evolution/{instance.Id}",
                instance.WebhookSecret!,
                number.Number
            )
        );
    }

    public static string OwnerOf(int n) => $"owner{n}@bench.example";
}
