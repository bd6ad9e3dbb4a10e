using Dapper;
using FlowChat.Queues.Postgres;
using Npgsql;

namespace FlowChat.Queues.Tests.Postgres;

/// <summary>A lane's last job ends while its next one is added: whoever commits last must see the other.</summary>
public sealed class LaneRaceTests(PostgresFixture postgres) : IAsyncLifetime
{
    private PostgresQueueStore store = null!;
    private QueueBed bed = null!;
    private JobLedger ledger = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await postgres.CreateStoreAsync();
        bed = await QueueBed.MakeAsync(store);
        var registry = new QueueRegistry();
        registry.Add(bed.Options);
        ledger = new JobLedger(registry, new QueueSignal(), new Random(1));
    }

    public ValueTask DisposeAsync() => bed.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_added_before_the_last_one_ends_follows_it(bool dies)
    {
        await bed.AddAsync("a");
        var last = await bed.ClaimOneAsync();
        var next = bed.NewJob("a");

        await WhileOpenAsync(
            batch => ledger.Add(batch, [next]),
            () => bed.SettleAsync(last, dies ? JobOutcome.Dead("no") : JobOutcome.Done)
        );

        Assert.Equal(next.Id, (await bed.ClaimOneAsync()).Lease.JobId);
    }

    [Fact]
    public async Task What_is_added_after_the_last_one_ended_is_the_head()
    {
        await bed.AddAsync("a");
        var last = await bed.ClaimOneAsync();
        var next = bed.NewJob("a");

        await WhileOpenAsync(
            batch => ledger.Settle(batch, last.Lease, JobOutcome.Done),
            () => bed.AddAsync(next)
        );

        Assert.Equal(next.Id, (await bed.ClaimOneAsync()).Lease.JobId);
    }

    [Fact]
    public async Task What_is_requeued_while_the_last_one_ends_follows_it()
    {
        var dead = await bed.AddAsync("a");
        await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Dead("no"));
        await bed.AddAsync("a");
        var last = await bed.ClaimOneAsync();

        await WhileOpenAsync(
            batch => JobLedger.Requeue(batch, Guid.Empty, dead.Id),
            () => bed.SettleAsync(last, JobOutcome.Done)
        );

        Assert.Equal(dead.Id, (await bed.ClaimOneAsync()).Lease.JobId);
    }

    /// <summary>Runs the other call as far as it gets before the first one's commit.</summary>
    private async Task WhileOpenAsync(Action<NpgsqlBatch> first, Func<Task> other)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using (var batch = new NpgsqlBatch(connection, transaction))
        {
            first(batch);
            await batch.ExecuteNonQueryAsync(Ct);
        }
        var running = other();
        await UntilBlockedAsync(running);
        await transaction.CommitAsync(Ct);
        await running;
    }

    private async Task UntilBlockedAsync(Task running)
    {
        const string Blocked = """
            select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')
            """;
        await using var watch = await store.DataSource.OpenConnectionAsync(Ct);
        while (!running.IsCompleted && !await watch.ExecuteScalarAsync<bool>(Blocked))
            await Task.Yield();
    }
}
