using Dapper;
using FlowChat.Queues.Postgres;
using Npgsql;

namespace FlowChat.Queues.Tests.Postgres;

public sealed class JobLedgerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private LedgerBed at = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private QueueBed Bed => at.Queue;

    private PostgresQueueStore Store => at.Store;

    private JobLedger Ledger => at.Ledger;

    public async ValueTask InitializeAsync()
    {
        at = await LedgerBed.MakeAsync(postgres, o => o.KeyConcurrency = 1);
        await using var connection = await Store.DataSource.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync("create table effects (job_id uuid)");
    }

    public ValueTask DisposeAsync() => at.DisposeAsync();

    [Fact]
    public async Task Jobs_and_the_change_that_asked_for_them_are_committed_together()
    {
        await at.TransactAsync(
            batch => Ledger.Add(batch, [Bed.NewJob("a", "k"), Bed.NewJob("a", "k")]),
            commit: false
        );
        Assert.Empty(await Bed.ClaimAsync());

        await at.TransactAsync(batch =>
            Ledger.Add(batch, [Bed.NewJob("a", "k"), Bed.NewJob("a", "k")])
        );
        await Bed.ClaimOneAsync();
    }

    [Fact]
    public async Task The_number_of_statements_does_not_depend_on_that_of_jobs()
    {
        await using var one = Store.DataSource.CreateBatch();
        Ledger.Add(one, [Bed.NewJob("a", "k")]);
        await using var many = Store.DataSource.CreateBatch();
        Ledger.Add(
            many,
            [.. Enumerable.Range(0, 500).Select(n => Bed.NewJob($"lane-{n}", $"key-{n}"))]
        );

        Assert.Equal(one.BatchCommands.Count, many.BatchCommands.Count);
        Assert.InRange(many.BatchCommands.Count, 1, 4);
        await many.ExecuteNonQueryAsync(Ct);
        Assert.Equal(500, (await Bed.ClaimAsync(600)).Count);
    }

    [Fact]
    public async Task A_waiting_worker_is_woken_after_the_commit()
    {
        var run = new TaskCompletionSource<Guid>();
        await Bed.StartWorkerAsync(
            (_, context, _) =>
            {
                run.TrySetResult(context.JobId);
                return ValueTask.FromResult(JobOutcome.Done);
            }
        );
        var job = Bed.NewJob(key: "k");
        await at.TransactAsync(batch => Ledger.Add(batch, [job]));
        Ledger.AfterCommit(["work"]);

        Assert.Equal(job.Id, await run.Task.WaitAsync(QueueBed.Soon, Ct));
    }

    [Fact]
    public async Task The_effect_and_the_jobs_end_are_one()
    {
        await Bed.AddAsync(lane: "a", key: "k");
        var next = await Bed.AddAsync(lane: "a", key: "k");
        var job = await Bed.ClaimOneAsync();

        await at.TransactAsync(batch => Effect(batch, job, JobOutcome.Done), commit: false);
        Assert.Empty(await Bed.ClaimAsync());
        await at.TransactAsync(batch => Effect(batch, job, JobOutcome.Done));

        Assert.Equal(1, await CountEffectsAsync());
        Assert.Equal(next.Id, (await Bed.ClaimOneAsync()).Lease.JobId);
    }

    [Fact]
    public async Task Whoever_lost_the_lease_commits_nothing()
    {
        await Bed.AddAsync(key: "k");
        var stale = await Bed.ClaimOneAsync();
        await Store.AdvanceAsync(2 * Bed.Options.Lease);
        await Bed.RescueAsync();
        var current = await Bed.ClaimOneAsync();

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
                at.TransactAsync(batch => Effect(batch, stale, outcome))
            );
            Assert.True(JobLedger.IsLeaseLost(refusal));
        }

        Assert.Equal(0, await CountEffectsAsync());
        Assert.True(await Bed.SettleAsync(current, JobOutcome.Done));
    }

    [Fact]
    public async Task A_retry_in_the_handlers_transaction_is_dead_after_the_last_attempt()
    {
        Bed.Options.MaxAttempts = 1;
        await Bed.AddAsync(key: "k");
        var job = await Bed.ClaimOneAsync();

        await at.TransactAsync(batch => Ledger.Settle(batch, job.Lease, JobOutcome.Retry("no")));

        Assert.Equal("no", Assert.Single(await Bed.DeadAsync()).Error);
    }

    [Fact]
    public async Task A_key_parked_for_ever_waits_until_it_is_resumed()
    {
        var key = new LimitKey(Guid.Empty, "work", "k");
        await at.TransactAsync(batch => Ledger.ParkKey(batch, key, until: null, "not connected"));
        var job = await Bed.AddAsync(key: "k");
        await Store.AdvanceAsync(TimeSpan.FromDays(100));
        Assert.Empty(await Bed.ClaimAsync());

        await at.TransactAsync(batch => Ledger.ResumeKey(batch, key));
        Assert.Equal(job.Id, (await Bed.ClaimOneAsync()).Lease.JobId);
    }

    [Fact]
    public async Task A_shorter_park_by_a_run_does_not_end_a_longer_one()
    {
        var key = new LimitKey(Guid.Empty, "work", "k");
        await Bed.AddAsync(key: "k");
        var running = await Bed.ClaimOneAsync();
        await at.TransactAsync(batch => Ledger.ParkKey(batch, key, until: null, "not connected"));

        await Bed.SettleAsync(running, JobOutcome.Park(TimeSpan.FromSeconds(1), "away"));

        await Store.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Empty(await Bed.ClaimAsync());
    }

    [Fact]
    public async Task One_dead_job_is_requeued_at_its_lanes_end_and_another_discarded()
    {
        var (first, second) = (await Bed.AddAsync("a", "k"), await Bed.AddAsync("a", "k"));
        var last = await Bed.AddAsync("a", "k");
        await Bed.SettleAsync(await Bed.ClaimOneAsync(), JobOutcome.Dead("no"));
        await Bed.SettleAsync(await Bed.ClaimOneAsync(), JobOutcome.Dead("no"));

        await at.TransactAsync(batch =>
        {
            JobLedger.Requeue(batch, Guid.Empty, first.Id);
            JobLedger.Discard(batch, Guid.Empty, second.Id);
            JobLedger.Discard(batch, Guid.Empty, last.Id);
        });

        foreach (var expected in new[] { last, first })
        {
            var claimed = await Bed.ClaimOneAsync();
            Assert.Equal(expected.Id, claimed.Lease.JobId);
            await Bed.SettleAsync(claimed, JobOutcome.Done);
        }
        Assert.Empty(await Bed.DeadAsync());
    }

    private void Effect(NpgsqlBatch batch, ClaimedJob job, JobOutcome outcome)
    {
        var effect = new NpgsqlBatchCommand("insert into effects values ($1)");
        effect.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = job.Lease.JobId });
        batch.BatchCommands.Add(effect);
        Ledger.Settle(batch, job.Lease, outcome);
    }

    private async Task<long> CountEffectsAsync()
    {
        await using var connection = await Store.DataSource.OpenConnectionAsync(Ct);
        return await connection.ExecuteScalarAsync<long>("select count(*) from effects");
    }
}
