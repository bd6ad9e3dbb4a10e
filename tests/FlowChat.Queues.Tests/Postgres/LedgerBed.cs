using Dapper;
using FlowChat.Queues.Postgres;
using Npgsql;

namespace FlowChat.Queues.Tests.Postgres;

/// <summary>A queue whose jobs are written and settled in transactions of the test's.</summary>
internal sealed class LedgerBed(PostgresQueueStore store, QueueBed queue) : IAsyncDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public PostgresQueueStore Store => store;

    public QueueBed Queue => queue;

    public JobLedger Ledger { get; } = NewLedger(queue);

    public static async Task<LedgerBed> MakeAsync(
        PostgresFixture postgres,
        Action<QueueOptions>? configure = null
    )
    {
        var store = await postgres.CreateStoreAsync();
        return new LedgerBed(store, await QueueBed.MakeAsync(store, configure));
    }

    /// <summary>Runs the commands, and what comes between them and the commit.</summary>
    public async Task TransactAsync(
        Action<NpgsqlBatch> append,
        Func<Task>? before = null,
        bool commit = true
    )
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using (var batch = new NpgsqlBatch(connection, transaction))
        {
            append(batch);
            await batch.ExecuteNonQueryAsync(Ct);
        }
        if (before is not null)
            await before();
        if (commit)
            await transaction.CommitAsync(Ct);
    }

    /// <summary>Until the call waits for a lock that a test holds, or has ended without.</summary>
    public async Task UntilBlockedAsync(Task running)
    {
        const string Blocked = """
            select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')
            """;
        await using var watch = await store.DataSource.OpenConnectionAsync(Ct);
        while (!running.IsCompleted && !await watch.ExecuteScalarAsync<bool>(Blocked))
            await Task.Yield();
    }

    public ValueTask DisposeAsync() => queue.DisposeAsync();

    private static JobLedger NewLedger(QueueBed queue)
    {
        var registry = new QueueRegistry();
        registry.Add(queue.Options);
        return new JobLedger(registry, ((PostgresQueueBackend)queue.Backend).Signal, new Random(1));
    }
}
