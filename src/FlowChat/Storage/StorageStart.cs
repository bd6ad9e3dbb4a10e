using System.Net.Sockets;
using FlowChat.Operations;
using FlowChat.Settings;
using FlowChat.Storage.KeyRing;
using Npgsql;

namespace FlowChat.Storage;

/// <summary>Makes the database ready before anything uses it: roles, schema, key ring, first owner.</summary>
internal sealed partial class StorageStart(
    Database database,
    FlowChatSettings settings,
    FirstStart firstStart,
    SandboxStart sandbox,
    DatabaseClock databaseClock,
    TimeProvider clock,
    ILogger<Migrator> migratorLogger,
    ILogger<StorageStart> logger
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(30);

    private MasterKey? _masterKey;

    // Made once, and told with its password, however often the start is tried.
    private FirstOwner? _owner;

    public MasterKey MasterKey =>
        _masterKey ?? throw new InvalidOperationException("The storage isn't started.");

    /// <summary>Waits for a server that isn't up yet, or goes away meanwhile: what was done is found done.</summary>
    /// <param name="openKeyRing">Proves the master key, once it is loaded.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DatabaseRefusedException">The database can't be used as it is.</exception>
    public async Task<FirstOwner> RunAsync(Action openKeyRing, CancellationToken cancellationToken)
    {
        var since = clock.GetTimestamp();
        long? toldAt = null;
        while (true)
        {
            try
            {
                return await TryRunAsync(openKeyRing, cancellationToken);
            }
            catch (NpgsqlException error)
                when (IsNotUp(error) && clock.GetElapsedTime(since) < Patience)
            {
                if (toldAt is not { } at || clock.GetElapsedTime(at) >= TellEvery)
                {
                    Log.Waiting(logger, Server, error.Message);
                    toldAt = clock.GetTimestamp();
                }
                await Task.Delay(Pause, clock, cancellationToken);
            }
            catch (NpgsqlException error) when (IsNotUp(error))
            {
                throw Refused(error);
            }
        }
    }

    private async Task<FirstOwner> TryRunAsync(
        Action openKeyRing,
        CancellationToken cancellationToken
    )
    {
        await OpenAsync(cancellationToken);
        await DatabaseRoles.RefuseBypassAsync(database, cancellationToken);
        await databaseClock.LookAsync(database, cancellationToken);
        await new Migrator(database, Migration.All, clock, migratorLogger).RunAsync(
            async () =>
            {
                var ringIsEmpty = await KeyRingSetup.IsEmptyAsync(database, cancellationToken);
                _masterKey = MasterKey.LoadOrCreate(
                    settings.DataFolder,
                    settings.MasterKey,
                    ringIsEmpty
                );
                openKeyRing();
                _owner ??= await firstStart.RunAsync(
                    settings.AdminEmail,
                    settings.AdminPassword,
                    settings.AdminApiKey,
                    cancellationToken
                );
                await sandbox.RunAsync(_owner.TenantId, cancellationToken);
            },
            cancellationToken
        );
        return _owner!;
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DatabaseRoles.EnsureAsync(database.ConnectionString, cancellationToken);
        }
        catch (NpgsqlException error) when (!IsNotUp(error))
        {
            throw Refused(error);
        }
    }

    private DatabaseRefusedException Refused(NpgsqlException error) =>
        new($"The database can't be opened ({Server}): {error.Message}", error);

    private string Server =>
        settings.DatabaseConnection is null
            ? $"the embedded PostgreSQL in {settings.DataFolder}"
            : "the server of DATABASE_URL";

    // Nobody listens, nobody answers in time, or it went away in the middle of a word.
    private static bool IsNotUp(NpgsqlException error) =>
        error.InnerException is SocketException or TimeoutException or IOException
        || error.SqlState
            is PostgresErrorCodes.CannotConnectNow
                or PostgresErrorCodes.AdminShutdown
                or PostgresErrorCodes.CrashShutdown;

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Waiting for the database, {Server}: {Reason}"
        )]
        public static partial void Waiting(ILogger logger, string server, string reason);
    }
}
