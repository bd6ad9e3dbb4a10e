namespace FlowChat.Storage.Embedded;

/// <summary>
/// The private PostgreSQL of a data folder, shared by all processes that use the folder: the first one starts it, the
/// last one out stops it, and one that was left behind by a kill -9 is taken over.
/// </summary>
public sealed partial class EmbeddedPostgres : IAsyncDisposable
{
    private readonly PostgresProcess server;
    private readonly string startLock;
    private readonly string usersLock;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource disposing = new();
    private readonly IDisposable use;
    private readonly Task watch;

    private EmbeddedPostgres(
        PostgresProcess server,
        EmbeddedPostgresOptions options,
        TimeProvider time,
        ILogger logger
    )
    {
        this.server = server;
        this.time = time;
        this.logger = logger;
        startLock = StartLock(options);
        usersLock = UsersLock(options);
        use = FileLock.Shared(usersLock);
        watch = WatchAsync(options.WatchInterval, disposing.Token);
    }

    /// <summary>Over the unix socket, as a login that owns the database and may make roles, but is no superuser.</summary>
    public string ConnectionString =>
        server.ConnectionString(FlowChatDatabase.Name, FlowChatDatabase.Name);

    /// <exception cref="EmbeddedPostgresException">It can't be started; the message names the remedy.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(
        EmbeddedPostgresOptions options,
        ILogger logger,
        TimeProvider time,
        CancellationToken ct
    )
    {
        using var timeout = new CancellationTokenSource(options.StartTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            return await StartAsync(options, logger, time, either);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new EmbeddedPostgresException(
                $"PostgreSQL in {options.DataFolder} was not ready within {options.StartTimeout}."
            );
        }
    }

    /// <summary>The last one out stops the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposing.IsCancellationRequested)
            return;
        await disposing.CancelAsync();
        await watch;
        disposing.Dispose();

        using var starting = await FileLock.WaitForExclusiveAsync(
            startLock,
            time,
            CancellationToken.None
        );
        use.Dispose();
        if (await StopIfAloneAsync_NeedsLock(server, usersLock))
            Log.Stopped(logger);
    }

    private static async Task<EmbeddedPostgres> StartAsync(
        EmbeddedPostgresOptions options,
        ILogger logger,
        TimeProvider time,
        CancellationTokenSource either
    )
    {
        var ct = either.Token;
        Directory.CreateDirectory(options.DataFolder);
        using var starting = await FileLock.WaitForExclusiveAsync(StartLock(options), time, ct);

        var process = await FindServerAsync(options, logger, time, ct);
        var began = time.GetTimestamp();
        try
        {
            var adopted = await process.EnsureRunningAsync_NeedsLock(ct);
            await FlowChatDatabase.EnsureAsync(
                process.ConnectionString(Cluster.Superuser, "postgres"),
                ct
            );
            Log.Running(
                logger,
                adopted ? "Using the running" : "Started",
                options.DataFolder,
                time.GetElapsedTime(began)
            );
            return new EmbeddedPostgres(process, options, time, logger);
        }
        catch
        {
            await StopIfAloneAsync_NeedsLock(process, UsersLock(options));
            throw;
        }
    }

    private static async Task<PostgresProcess> FindServerAsync(
        EmbeddedPostgresOptions options,
        ILogger logger,
        TimeProvider time,
        CancellationToken ct
    )
    {
        var found = PostgresBinaries.Find(options.BinariesFolder);
        var account = ServerAccount.Choose();
        var place = await ServerPlace.FindAsync(options, account, ct);
        var binaries = await found.ReachableByAsync(account, options.SystemFolder, ct);
        if (binaries != found)
            Log.BinariesCopied(logger, account.UserName, found.Folder, binaries.Folder);
        if (place.Home != Path.GetFullPath(options.DataFolder))
            Log.DatabaseElsewhere(logger, account.UserName, options.DataFolder, place.Home);
        return new PostgresProcess(place, binaries, account, time);
    }

    private static async Task<bool> StopIfAloneAsync_NeedsLock(
        PostgresProcess process,
        string usersLock
    )
    {
        using var alone = FileLock.TryExclusive(usersLock);
        if (alone is not null)
            await process.EndAsync_NeedsLock(CancellationToken.None);
        return alone is not null;
    }

    private static string StartLock(EmbeddedPostgresOptions options) =>
        Path.Combine(options.DataFolder, "postgres.lock");

    private static string UsersLock(EmbeddedPostgresOptions options) =>
        Path.Combine(options.DataFolder, "postgres.users");

    // A server that was killed under us comes back at the same address; open transactions fail and are retried.
    private async Task WatchAsync(TimeSpan interval, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
                if (server.HasDied)
                    await ReviveAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task ReviveAsync(CancellationToken ct)
    {
        try
        {
            using var starting = await FileLock.WaitForExclusiveAsync(startLock, time, ct);
            if (server.HasDied && !await server.EnsureRunningAsync_NeedsLock(ct))
                Log.Revived(logger);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Tried again at the next tick; until then requests are told that the database is away.
            Log.NotRevived(logger, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{How} PostgreSQL of {Folder}, ready after {Elapsed}")]
        public static partial void Running(
            ILogger logger,
            string how,
            string folder,
            TimeSpan elapsed
        );

        [LoggerMessage(LogLevel.Information, "Stopped PostgreSQL")]
        public static partial void Stopped(ILogger logger);

        [LoggerMessage(
            LogLevel.Warning,
            "User {User} can't reach {DataFolder}: the database is in {Home}"
        )]
        public static partial void DatabaseElsewhere(
            ILogger logger,
            string? user,
            string dataFolder,
            string home
        );

        [LoggerMessage(
            LogLevel.Warning,
            "User {User} can't reach {Folder}: PostgreSQL's programs run from {Copy}"
        )]
        public static partial void BinariesCopied(
            ILogger logger,
            string? user,
            string folder,
            string copy
        );

        [LoggerMessage(LogLevel.Warning, "PostgreSQL had ended and was started again")]
        public static partial void Revived(ILogger logger);

        [LoggerMessage(LogLevel.Error, "PostgreSQL has ended and can't be started")]
        public static partial void NotRevived(ILogger logger, Exception exception);
    }
}
