using System.Diagnostics;
using System.Globalization;
using Dapper;
using FlowChat.Storage.Embedded;
using Npgsql;

namespace FlowChat.Testing.Servers;

/// <summary>A real PostgreSQL of its own for a test run, gone with the process that started it.</summary>
public sealed class PostgresServer(bool durable = false) : IAsyncDisposable
{
    private const string Superuser = "tests";

    /// <summary>The login that owns every database: like a hosted server's, it may make roles and is no superuser.</summary>
    public const string Login = "flowchat";

    private readonly ServerAccount account = ServerAccount.Choose();
    private readonly string folder = Path.Combine(
        "/tmp",
        $"flowchat-tests-{Path.GetRandomFileName()}"
    );
    private ServerGuard? guard;
    private PostgresBinaries? binaries;
    private int databases;

    private string Data => Path.Combine(folder, "data");

    /// <summary>The TCP port on 127.0.0.1, the same after every restart.</summary>
    public int Port { get; private set; }

    /// <summary>The server over its unix socket, as the login, in the database <c>postgres</c>.</summary>
    public string ConnectionString => Connection(folder, Login, "postgres");

    /// <summary>The same database over TCP, for tests that cut the network.</summary>
    public static string OverTcp(string connectionString, int port) =>
        new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1",
            Port = port,
        }.ConnectionString;

    /// <summary>The same server as one who may do anything to its roles.</summary>
    public string SuperuserConnectionString => Connection(folder, Superuser, "postgres");

    /// <summary>The first call makes the server; after a stop or a kill it starts again on the same data and address.</summary>
    public async Task StartAsync(CancellationToken ct = default)
    {
        if (guard is null)
            await InitialiseAsync(ct);
        else
            await StartOnPortAsync(ct);
    }

    /// <summary>A fresh database owned by <see cref="Login"/>, a copy of the template when one is named.</summary>
    public async Task<string> CreateDatabaseAsync(
        string template = "template0",
        CancellationToken ct = default
    )
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await using var connection = new NpgsqlConnection(
            Connection(folder, Superuser, "postgres") + ";Pooling=false"
        );
        await connection.ExecuteAsync($"create database {name} owner {Login} template {template}");
        return Connection(folder, Login, name);
    }

    /// <summary>kill -9 of the server and all its children.</summary>
    public async Task KillAsync(CancellationToken ct = default)
    {
        var postmaster = int.Parse(
            (await File.ReadAllLinesAsync(PidFile, ct))[0],
            CultureInfo.InvariantCulture
        );
        var children = await File.ReadAllTextAsync(
            $"/proc/{postmaster}/task/{postmaster}/children",
            ct
        );
        var victims = children
            .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(pid => int.Parse(pid, CultureInfo.InvariantCulture))
            .Prepend(postmaster);
        foreach (var victim in victims)
            await KillAsync(victim, ct);
    }

    /// <summary>What a power cut leaves behind: no checkpoint, recovery at the next start.</summary>
    public Task StopImmediatelyAsync(CancellationToken ct = default) => StopAsync("immediate", ct);

    public async Task RestartAsync(CancellationToken ct = default)
    {
        await StopAsync("fast", ct);
        await StartAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (guard is not null)
            await guard.DisposeAsync();
    }

    private string PidFile => Path.Combine(Data, "postmaster.pid");

    private async Task InitialiseAsync(CancellationToken ct)
    {
        binaries = await PostgresBinaries
            .Find(
                Environment.GetEnvironmentVariable(PostgresBinaries.Setting)
                    ?? Checkout.PostgresFolder()
            )
            .ReachableByAsync(account, "/var/lib/flowchat", ct);
        Directory.CreateDirectory(
            folder,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        guard = ServerGuard.Start(folder, PidFile);
        await account.OwnAsync(folder, ct);

        string[] locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
        string[] rest = ["--auth=trust", "--no-sync", "--encoding=UTF8"];
        await account.RunAsync(
            binaries.InitDb,
            ["-D", Data, "-U", Superuser, .. locale, .. rest],
            ct
        );
        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.conf"), Settings(), ct);
        await StartOnFreePortAsync(ct);

        await using var connection = new NpgsqlConnection(
            Connection(folder, Superuser, "postgres") + ";Pooling=false"
        );
        await connection.ExecuteAsync($"create role {Login} login createrole");
    }

    // Between the look for a free port and the start, somebody else may take it.
    private async Task StartOnFreePortAsync(CancellationToken ct, int attempts = 5)
    {
        Port = FreePort.Take();
        try
        {
            await StartOnPortAsync(ct);
        }
        catch (EmbeddedPostgresException) when (attempts > 1)
        {
            await StartOnFreePortAsync(ct, attempts - 1);
        }
    }

    private async Task StartOnPortAsync(CancellationToken ct)
    {
        var log = Path.Combine(folder, "log");
        await account.RunAsync(
            binaries!.PgCtl,
            ["start", "-w", "-D", Data, "-l", log, "-o", $"-p {Port}"],
            ct
        );
    }

    private string Settings() =>
        $"""

            listen_addresses = '127.0.0.1'
            unix_socket_directories = '{folder}'
            max_connections = 500
            shared_buffers = 128MB
            max_wal_size = 2GB
            jit = off
            timezone = 'UTC'
            fsync = {OnOff(durable)}
            synchronous_commit = {OnOff(durable)}
            full_page_writes = {OnOff(durable)}

            """;

    private async Task StopAsync(string mode, CancellationToken ct) =>
        await account.RunAsync(binaries!.PgCtl, ["stop", "-w", "-D", Data, "-m", mode], ct);

    private string Connection(string host, string user, string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = host,
            Port = Port,
            Username = user,
            Database = database,
        }.ConnectionString;

    private static async Task KillAsync(int pid, CancellationToken ct)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
            await process.WaitForExitAsync(ct);
        }
        catch (ArgumentException)
        {
            // A child that has ended since.
        }
    }

    private static string OnOff(bool on) => on ? "on" : "off";
}
