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
    TimeProvider clock,
    ILogger<Migrator> migratorLogger,
    ILogger<StorageStart> logger
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

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
        FirstOwner? owner = null;
        await new Migrator(database, Migration.All, migratorLogger).RunAsync(
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
        for (var told = false; ; told = true)
        {
            try
            {
                await DatabaseRoles.EnsureAsync(database.ConnectionString, cancellationToken);
                return;
            }
            catch (NpgsqlException error)
                when (IsNotUpYet(error) && clock.GetElapsedTime(since) < Patience)
            {
                if (!told)
                {
                    Log.Waiting(logger, error.Message);
                }
                await Task.Delay(Pause, clock, cancellationToken);
            }
            catch (NpgsqlException error)
            {
                throw new DatabaseRefusedException(
                    $"The database can't be opened: {error.Message}",
                    error
                );
            }
        }
    }

    private static bool IsNotUpYet(NpgsqlException error) =>
        error.InnerException is SocketException
        || error.SqlState == PostgresErrorCodes.CannotConnectNow;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for the database: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}
