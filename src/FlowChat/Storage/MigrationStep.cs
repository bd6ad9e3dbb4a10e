using Npgsql;

namespace FlowChat.Storage;

/// <summary>One migration, beside others that read and write.</summary>
internal sealed partial class MigrationStep(TimeProvider clock, ILogger<Migrator> logger)
{
    private const int AsLongAsItTakes = 0;

    // Whoever waits for a table is waited for by all that come after it: behind a backup that reads it, nothing would be
    // written for hours. Longer than deadlock_timeout, at whose end PostgreSQL makes an autovacuum give way.
    private const string Polite = "set local lock_timeout = '2s'";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public async Task ApplyAsync(
        NpgsqlConnection connection,
        Migration migration,
        CancellationToken cancellationToken
    )
    {
        if (migration.BuiltIndex is { } index)
        {
            await BuildAsync(connection, migration, index, cancellationToken);
            return;
        }
        var since = clock.GetTimestamp();
        while (!await TryAsync(connection, migration, cancellationToken))
        {
            if (clock.GetElapsedTime(since) > Patience)
            {
                throw new DatabaseRefusedException(
                    $"Migration {migration.Name} has waited {Patience.TotalMinutes:0} minutes for a table that somebody holds: a backup, or a transaction that was left open (pg_stat_activity tells which). Start again when it has ended."
                );
            }
            Log.Held(logger, migration.Name);
            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    public static async Task ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        int seconds = 30
    )
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = seconds };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>False when others hold what it needs, or it would hold them up for good.</returns>
    private static async Task<bool> TryAsync(
        NpgsqlConnection connection,
        Migration migration,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, Polite, cancellationToken);
            await ExecuteAsync(connection, migration.Sql, cancellationToken, seconds: 600);
        }
        catch (PostgresException error)
            when (error.SqlState
                    is PostgresErrorCodes.LockNotAvailable
                        or PostgresErrorCodes.DeadlockDetected
            )
        {
            return false;
        }
        await NoteAsync(connection, migration, cancellationToken);
        if (migration.MinProgram is { } needed)
        {
            await ExecuteAsync(
                connection,
                $"update schema_program set min_program = {needed}",
                cancellationToken
            );
        }
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>An index while others write, in no transaction; what a killed node left of it is dropped first.</summary>
    private static async Task BuildAsync(
        NpgsqlConnection connection,
        Migration migration,
        string index,
        CancellationToken cancellationToken
    )
    {
        var drop = $"drop index concurrently if exists {index}";
        await ExecuteAsync(connection, drop, cancellationToken, AsLongAsItTakes);
        await ExecuteAsync(connection, migration.Sql, cancellationToken, AsLongAsItTakes);
        await NoteAsync(connection, migration, cancellationToken);
    }

    private static async Task NoteAsync(
        NpgsqlConnection connection,
        Migration migration,
        CancellationToken cancellationToken
    )
    {
        await using var note = new NpgsqlCommand(
            "insert into schema_migrations (name, checksum) values ($1, $2)",
            connection
        )
        {
            Parameters =
            {
                new() { Value = migration.Name },
                new() { Value = migration.Checksum },
            },
        };
        await note.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Migration {Name} waits for a table that somebody holds, and lets others pass"
        )]
        public static partial void Held(ILogger logger, string name);
    }
}
