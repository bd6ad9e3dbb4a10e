using System.Data;
using Npgsql;

namespace FlowChat.Storage;

/// <summary>Brings the schema to this program's version, under a lock that other nodes wait for.</summary>
internal sealed partial class Migrator(
    Database database,
    IReadOnlyList<Migration> migrations,
    TimeProvider clock,
    ILogger<Migrator> logger
)
{
    /// <summary>Raised by one when a release can no longer work beside the schema of a later one.</summary>
    public const int Program = 1;

    private const long LockKey = 6_701_338;

    private const string Bookkeeping = """
        create table if not exists schema_migrations (
          name text primary key,
          checksum text not null,
          applied_at timestamptz not null default now()
        );
        create table if not exists schema_program (
          only_row boolean primary key default true check (only_row),
          min_program int not null
        );
        insert into schema_program (min_program) values (1) on conflict do nothing;
        """;

    // Longer than the one that migrates waits for a table.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Applies what is missing and then runs <paramref name="underLock"/>, still alone among all nodes.</summary>
    /// <exception cref="DatabaseRefusedException">An applied migration was edited, or this program is too old.</exception>
    public async Task<int> RunAsync(Func<Task> underLock, CancellationToken cancellationToken)
    {
        await using var connection = await database.Migrator.OpenConnectionAsync(cancellationToken);
        await LockAsync(connection, cancellationToken);
        try
        {
            await MigrationStep.ExecuteAsync(connection, Bookkeeping, cancellationToken);
            await RefuseOldProgramAsync(connection, cancellationToken);
            var applied = await ApplyMissingAsync(connection, cancellationToken);
            await underLock();
            return applied;
        }
        finally
        {
            // A connection that broke has let go of it.
            if (connection.State == ConnectionState.Open)
            {
                await MigrationStep.ExecuteAsync(
                    connection,
                    $"select pg_advisory_unlock({LockKey})",
                    CancellationToken.None
                );
            }
        }
    }

    /// <summary>Asks again and again: whoever waits inside a statement would be waited for by an index that is built.</summary>
    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"select pg_try_advisory_lock({LockKey})",
            connection
        );
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), clock);
        var since = clock.GetTimestamp();
        while (await command.ExecuteScalarAsync(cancellationToken) is not true)
        {
            if (clock.GetElapsedTime(since) > Patience)
            {
                throw new DatabaseRefusedException(
                    $"Another node has been migrating for {Patience.TotalMinutes:0} minutes: look at its log, and start this one again."
                );
            }
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static async Task RefuseOldProgramAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "select min_program from schema_program",
            connection
        );
        if (await command.ExecuteScalarAsync(cancellationToken) is int needed && needed > Program)
        {
            throw new DatabaseRefusedException(
                $"The database needs a program of generation {needed}, this one is {Program}: start a newer FlowChat."
            );
        }
    }

    private async Task<int> ApplyMissingAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var applied = await ReadAppliedAsync(connection, cancellationToken);
        var step = new MigrationStep(clock, logger);
        var count = 0;
        foreach (var migration in migrations)
        {
            if (!applied.TryGetValue(migration.Name, out var checksum))
            {
                await step.ApplyAsync(connection, migration, cancellationToken);
                Log.Applied(logger, migration.Name);
                count++;
            }
            else if (checksum != migration.Checksum)
            {
                throw new DatabaseRefusedException(
                    $"Migration {migration.Name} was edited after it had been applied: restore its text and put the change into a new migration."
                );
            }
        }
        return count;
    }

    private static async Task<Dictionary<string, string>> ReadAppliedAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "select name, checksum from schema_migrations",
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(reader.GetString(0), reader.GetString(1));
        }
        return applied;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Applied migration {Name}")]
        public static partial void Applied(ILogger logger, string name);
    }
}
