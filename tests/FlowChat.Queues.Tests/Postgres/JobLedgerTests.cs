using Dapper;
using FlowChat.Queues.Postgres;
using Npgsql;

namespace FlowChat.Queues.Tests.Postgres;

public sealed class JobLedgerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private QueueBed bed = null!;
    private PostgresQueueStore store = null!;
    private JobLedger ledger = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await postgres.CreateStoreAsync();
        bed = await QueueBed.MakeAsync(store, o => o.KeyConcurrency = 1);
        var registry = new QueueRegistry();
        registry.Add(bed.Options);
        ledger = new JobLedger(registry, ((PostgresQueueBackend)bed.Backend).Signal, new Random(1));
        await using var connection = await store.DataSource.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync("create table effects (job_id uuid)");
    }

    public ValueTask DisposeAsync() => bed.DisposeAsync();

    [Fact]
    public async Task Jobs_and_the_change_that_asked_for_them_are_committed_together()
    {
        await TransactAsync(
            batch => ledger.Add(batch, [bed.NewJob("a", "k"), bed.NewJob("a", "k")]),
            commit: false
        );
        Assert.Empty(await bed.ClaimAsync());

        await TransactAsync(batch =>
            ledger.Add(batch, [bed.NewJob("a", "k"), bed.NewJob("a", "k")])
        );
        await bed.ClaimOneAsync();
    }

    [Fact]
    public async Task The_number_of_statements_does_not_depend_on_that_of_jobs()
    {
        await using var one = store.DataSource.CreateBatch();
        ledger.Add(one, [bed.NewJob("a", "k")]);
        await using var many = store.DataSource.CreateBatch();
        ledger.Add(
            many,
            [.. Enumerable.Range(0, 500).Select(n => bed.NewJob($"lane-{n}", $"key-{n}"))]
        );

        Assert.Equal(one.BatchCommands.Count, many.BatchCommands.Count);
        Assert.InRange(many.BatchCommands.Count, 1, 4);
        await many.ExecuteNonQueryAsync(Ct);
        Assert.Equal(500, (await bed.ClaimAsync(600)).Count);
    }

    [Fact]
    public async Task A_waiting_worker_is_woken_after_the_commit()
    {
        var run = new TaskCompletionSource<Guid>();
        await bed.StartWorkerAsync(
            (_, context, _) =>
            {
                run.TrySetResult(context.JobId);
                return ValueTask.FromResult(JobOutcome.Done);
            }
        );
        var job = bed.NewJob(key: "k");
        await TransactAsync(batch => ledger.Add(batch, [job]));
        ledger.AfterCommit(["work"]);

        Assert.Equal(job.Id, await run.Task.WaitAsync(QueueBed.Soon, Ct));
    }

    [Fact]
    public async Task The_effect_and_the_jobs_end_are_one()
    {
        await bed.AddAsync(lane: "a", key: "k");
        var next = await bed.AddAsync(lane: "a", key: "k");
        var job = await bed.ClaimOneAsync();

        await TransactAsync(batch => Effect(batch, job, JobOutcome.Done), commit: false);
        Assert.Empty(await bed.ClaimAsync());
        await TransactAsync(batch => Effect(batch, job, JobOutcome.Done));

        Assert.Equal(1, await CountEffectsAsync());
        Assert.Equal(next.Id, (await bed.ClaimOneAsync()).Lease.JobId);
    }

    [Fact]
    public async Task Whoever_lost_the_lease_commits_nothing()
    {
        await bed.AddAsync(key: "k");
        var stale = await bed.ClaimOneAsync();
        await store.AdvanceAsync(2 * bed.Options.Lease);
        await bed.RescueAsync();
        var current = await bed.ClaimOneAsync();

        JobOutcome[] outcomes =
        [
            JobOutcome.Done,
            JobOutcome.Dead("late"),
            JobOutcome.Retry("late"),
            JobOutcome.Snooze(TimeSpan.Zero, "late"),
        ];
        foreach (var outcome in outcomes)
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(() =>
                TransactAsync(batch => Effect(batch, stale, outcome))
            );
            Assert.True(JobLedger.IsLeaseLost(refusal));
        }

        Assert.Equal(0, await CountEffectsAsync());
        Assert.True(await bed.SettleAsync(current, JobOutcome.Done));
    }

    [Fact]
    public async Task A_retry_in_the_handlers_transaction_is_dead_after_the_last_attempt()
    {
        bed.Options.MaxAttempts = 1;
        await bed.AddAsync(key: "k");
        var job = await bed.ClaimOneAsync();

        await TransactAsync(batch => ledger.Settle(batch, job.Lease, JobOutcome.Retry("no")));

        Assert.Equal("no", Assert.Single(await bed.DeadAsync()).Error);
    }

    [Fact]
    public async Task A_key_parked_for_ever_waits_until_it_is_resumed()
    {
        var key = new LimitKey(Guid.Empty, "work", "k");
        await TransactAsync(batch => ledger.ParkKey(batch, key, until: null, "not connected"));
        var job = await bed.AddAsync(key: "k");
        await store.AdvanceAsync(TimeSpan.FromDays(100));
        Assert.Empty(await bed.ClaimAsync());

        await TransactAsync(batch => ledger.ResumeKey(batch, key));
        Assert.Equal(job.Id, (await bed.ClaimOneAsync()).Lease.JobId);
    }

    [Fact]
    public async Task A_shorter_park_by_a_run_does_not_end_a_longer_one()
    {
        var key = new LimitKey(Guid.Empty, "work", "k");
        await bed.AddAsync(key: "k");
        var running = await bed.ClaimOneAsync();
        await TransactAsync(batch => ledger.ParkKey(batch, key, until: null, "not connected"));

        await bed.SettleAsync(running, JobOutcome.Park(TimeSpan.FromSeconds(1), "away"));

        await store.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Empty(await bed.ClaimAsync());
    }

    [Fact]
    public async Task One_dead_job_is_requeued_at_its_lanes_end_and_another_discarded()
    {
        var (first, second) = (await bed.AddAsync("a", "k"), await bed.AddAsync("a", "k"));
        var last = await bed.AddAsync("a", "k");
        await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Dead("no"));
        await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Dead("no"));

        await TransactAsync(batch =>
        {
            JobLedger.Requeue(batch, Guid.Empty, first.Id);
            JobLedger.Discard(batch, Guid.Empty, second.Id);
            JobLedger.Discard(batch, Guid.Empty, last.Id);
        });

        foreach (var expected in new[] { last, first })
        {
            var claimed = await bed.ClaimOneAsync();
            Assert.Equal(expected.Id, claimed.Lease.JobId);
            await bed.SettleAsync(claimed, JobOutcome.Done);
        }
        Assert.Empty(await bed.DeadAsync());
    }

    private void Effect(NpgsqlBatch batch, ClaimedJob job, JobOutcome outcome)
    {
        var effect = new NpgsqlBatchCommand("insert into effects values ($1)");
        effect.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = job.Lease.JobId });
        batch.BatchCommands.Add(effect);
        ledger.Settle(batch, job.Lease, outcome);
    }

    private async Task TransactAsync(Action<NpgsqlBatch> append, bool commit = true)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var batch = new NpgsqlBatch(connection, transaction);
        append(batch);
        await batch.ExecuteNonQueryAsync(Ct);
        if (commit)
            await transaction.CommitAsync(Ct);
    }

    private async Task<long> CountEffectsAsync()
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(Ct);
        return await connection.ExecuteScalarAsync<long>("select count(*) from effects");
    }
}
