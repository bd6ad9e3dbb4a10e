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

    public MasterKey MasterKey =>
        _masterKey ?? throw new InvalidOperationException("The storage isn't started.");

    /// <param name="openKeyRing">Proves the master key, once it is loaded.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DatabaseRefusedException">The database can't be used as it is.</exception>
    public async Task<FirstOwner> RunAsync(Action openKeyRing, CancellationToken cancellationToken)
    {
        await WaitForServerAsync(cancellationToken);
        await DatabaseRoles.RefuseBypassAsync(database, cancellationToken);
        await databaseClock.LookAsync(database, cancellationToken);
        FirstOwner? owner = null;
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
                owner = await firstStart.RunAsync(
                    settings.AdminEmail,
                    settings.AdminPassword,
                    settings.AdminApiKey,
                    cancellationToken
                );
                await sandbox.RunAsync(owner.TenantId, cancellationToken);
            },
            cancellationToken
        );
        return owner!;
    }

    private async Task WaitForServerAsync(CancellationToken cancellationToken)
    {
        var since = clock.GetTimestamp();
        long? toldAt = null;
        while (true)
        {
            try
            {
                await DatabaseRoles.EnsureAsync(database.ConnectionString, cancellationToken);
                return;
            }
            catch (NpgsqlException error)
                when (IsNotUpYet(error) && clock.GetElapsedTime(since) < Patience)
            {
                if (toldAt is not { } at || clock.GetElapsedTime(at) >= TellEvery)
                {
                    Log.Waiting(logger, Server, error.Message);
                    toldAt = clock.GetTimestamp();
                }
                await Task.Delay(Pause, clock, cancellationToken);
            }
            catch (NpgsqlException error)
            {
                throw new DatabaseRefusedException(
                    $"The database can't be opened ({Server}): {error.Message}",
                    error
                );
            }
        }
    }

    private string Server =>
        settings.DatabaseConnection is null
            ? $"the embedded PostgreSQL in {settings.DataFolder}"
            : "the server of DATABASE_URL";

    // Nobody listens, nobody answers in time, or it went away in the middle of the greeting.
    private static bool IsNotUpYet(NpgsqlException error) =>
        error.InnerException is SocketException or TimeoutException or IOException
        || error.SqlState == PostgresErrorCodes.CannotConnectNow;

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Waiting for the database, {Server}: {Reason}"
        )]
        public static partial void Waiting(ILogger logger, string server, string reason);
    }
}
