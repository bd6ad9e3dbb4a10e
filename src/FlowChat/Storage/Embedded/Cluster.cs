namespace FlowChat.Storage.Embedded;

/// <summary>The folder of the database's files (PGDATA).</summary>
internal sealed class Cluster(ServerPlace place, PostgresBinaries binaries, ServerAccount account)
{
    public const string Superuser = "postgres";
    private const long LogLimit = 10 << 20;

    /// <summary>Makes it if it isn't there, and brings its settings up to date. Nobody else may be at it.</summary>
    public async Task PrepareAsync(CancellationToken ct)
    {
        if (!Directory.Exists(place.Cluster))
            await InitialiseAsync(ct);
        await CheckVersionAsync(ct);
        await WriteSettingsAsync(ct);
        if (new FileInfo(place.LogFile) is { Exists: true, Length: > LogLimit })
            File.Move(place.LogFile, $"{place.LogFile}.old", overwrite: true);
    }

    // Into a folder of another name first, so that one that was interrupted is never taken for a whole one.
    private async Task InitialiseAsync(CancellationToken ct)
    {
        foreach (var interrupted in Directory.EnumerateDirectories(place.Home, "postgres.new-*"))
            await ServerAccount.Self.RunAsync("rm", ["-rf", interrupted], ct);

        var half = Path.Combine(place.Home, $"postgres.new-{RandomName.Next()}");
        Directory.CreateDirectory(
            half,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        await account.OwnAsync(half, ct);
        string[] access = ["-U", Superuser, "--auth-local=trust", "--auth-host=reject"];
        string[] locale =
        [
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ];
        await account.RunAsync(binaries.InitDb, ["-D", half, .. access, .. locale], ct);
        Directory.Move(half, place.Cluster);
        // Else a power cut could bring the old name back, and the next start would clear it away.
        await ServerAccount.Self.RunAsync("sync", [place.Home], ct);
    }

    private async Task CheckVersionAsync(CancellationToken ct)
    {
        var data = (
            await File.ReadAllTextAsync(Path.Combine(place.Cluster, "PG_VERSION"), ct)
        ).Trim();
        var program = await binaries.GetVersionAsync(ct);
        if (program.Split('.')[0] != data)
            throw new EmbeddedPostgresException(
                $"The database in {place.Cluster} was made by PostgreSQL {data}, but {binaries.Postgres} is {program}. "
                    + $"Set {PostgresBinaries.Setting} to a PostgreSQL {data}, or carry the database over with pg_upgrade."
            );
    }

    private async Task WriteSettingsAsync(CancellationToken ct)
    {
        var file = Path.Combine(place.Cluster, "postgresql.conf");
        var half = $"{file}.new";
        await File.WriteAllTextAsync(half, ServerSettings.Text(place.SocketFolder), ct);
        await account.OwnAsync(half, ct);
        File.Move(half, file, overwrite: true);
    }
}
