using System.Globalization;
using Npgsql;

namespace FlowChat.Storage.Embedded;

/// <summary>The server as a process. Its methods are called under the lock on starting and stopping.</summary>
internal sealed class PostgresProcess(
    ServerPlace place,
    PostgresBinaries binaries,
    ServerAccount account,
    TimeProvider time
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // What it says while backends of a killed server still run; they end by themselves.
    private const string OldBackends = "pre-existing shared memory block";

    private readonly Cluster cluster = new(place, binaries, account);

    /// <summary>Killed, not stopped. A folder that was made anew has another address, and is not our affair.</summary>
    public bool HasDied =>
        PostmasterPid.Read(place.Cluster) is { } server
        && server.SocketFolder == place.SocketFolder
        && !server.IsAlive();

    /// <summary>Adopts the server that runs already, else starts one. True when it was adopted.</summary>
    public async Task<bool> EnsureRunningAsync_NeedsLock(CancellationToken ct)
    {
        while (PostmasterPid.Read(place.Cluster) is { } server && server.IsAlive())
        {
            if (server.IsReady && await AnswersAsync(ct))
                return true;
            if (server.IsReady && !IsReachable(server))
                await StopAsync_NeedsLock(ct);
            else
                await Task.Delay(Pause, time, ct);
        }

        await cluster.PrepareAsync(ct);
        await RemoveTracesAsync(ct);
        while (!await TryStartAsync(ct))
            await Task.Delay(Pause, time, ct);
        return false;
    }

    /// <summary>Stops it for good: the next start makes the socket's folder again.</summary>
    public async Task EndAsync_NeedsLock(CancellationToken ct)
    {
        await StopAsync_NeedsLock(ct);
        if (Directory.Exists(place.SocketFolder))
            Directory.Delete(place.SocketFolder, recursive: true);
    }

    /// <summary>The connection of a user of the operating system who may enter the socket's folder.</summary>
    public string ConnectionString(string user, string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = place.SocketFolder,
            Port = ServerSettings.Port,
            Username = user,
            Database = database,
        }.ConnectionString;

    private async Task StopAsync_NeedsLock(CancellationToken ct)
    {
        if (PostmasterPid.Read(place.Cluster) is { } server && server.IsAlive())
            await account.RunAsync(
                binaries.PgCtl,
                ["stop", "-w", "-D", place.Cluster, "-m", "fast"],
                ct
            );
    }

    // Temporary folders are cleaned by strangers, and a socket that is gone never comes back.
    private bool IsReachable(PostmasterPid server) =>
        server.SocketFolder == place.SocketFolder && File.Exists(SocketFile(server.SocketFolder));

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(
                ConnectionString(Cluster.Superuser, "postgres") + ";Pooling=false"
            );
            await connection.OpenAsync(ct);
            return true;
        }
        catch (NpgsqlException e)
            when (e is not PostgresException || e.SqlState == PostgresErrorCodes.CannotConnectNow)
        {
            return false;
        }
    }

    // A killed server's files name a process that may be another program's by now, and PostgreSQL would believe them.
    // The rest of the pid file stays: by it a new server notices backends of the old one that still run.
    private async Task RemoveTracesAsync(CancellationToken ct)
    {
        File.Delete(SocketFile(place.SocketFolder));
        File.Delete($"{SocketFile(place.SocketFolder)}.lock");
        if (PostmasterPid.Read(place.Cluster) is { } dead)
            await File.WriteAllTextAsync(PostmasterPid.FileOf(place.Cluster), dead.OfNobody(), ct);
    }

    // pg_ctl makes the server the leader of a session of its own: no Ctrl+C in our terminal reaches it.
    private async Task<bool> TryStartAsync(CancellationToken ct)
    {
        string[] start = ["start", "-w", "-t", "3600", "-D", place.Cluster, "-l", place.LogFile];
        try
        {
            await account.RunAsync(binaries.PgCtl, start, ct);
            return true;
        }
        catch (EmbeddedPostgresException e) when (File.Exists(place.LogFile))
        {
            var end = (await File.ReadAllLinesAsync(place.LogFile, ct)).TakeLast(5).ToList();
            if (end.Any(line => line.Contains(OldBackends, StringComparison.Ordinal)))
                return false;
            throw new EmbeddedPostgresException(
                $"PostgreSQL did not start. The end of {place.LogFile}:{Environment.NewLine}"
                    + string.Join(Environment.NewLine, end),
                e
            );
        }
    }

    private static string SocketFile(string folder) =>
        Path.Combine(
            folder,
            string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{ServerSettings.Port}")
        );
}
