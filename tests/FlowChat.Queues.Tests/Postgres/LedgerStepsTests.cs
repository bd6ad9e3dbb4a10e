using FlowChat.Queues.Postgres;
using Npgsql;

namespace FlowChat.Queues.Tests.Postgres;

public sealed class LedgerStepsTests(PostgresFixture postgres) : IAsyncLifetime
{
    private LedgerBed at = null!;

    private QueueBed Bed => at.Queue;

    public async ValueTask InitializeAsync() => at = await LedgerBed.MakeAsync(postgres);

    public ValueTask DisposeAsync() => at.DisposeAsync();

    [Fact]
    public async Task A_guarded_effect_is_committed_only_by_who_holds_the_lease()
    {
        await Bed.AddAsync();
        var stale = await Bed.ClaimOneAsync();
        await at.TransactAsync(batch => JobLedger.Guard(batch, stale.Lease));
        await Bed.Store.AdvanceAsync(2 * Bed.Options.Lease);
        await Bed.RescueAsync();
        var current = await Bed.ClaimOneAsync();

        var refusal = await Assert.ThrowsAsync<PostgresException>(() =>
            at.TransactAsync(batch => JobLedger.Guard(batch, stale.Lease))
        );

        Assert.True(JobLedger.IsLeaseLost(refusal));
        await at.TransactAsync(batch => JobLedger.Guard(batch, current.Lease));
    }

    [Fact]
    public async Task While_a_guarded_effect_is_open_nobody_takes_the_job_over()
    {
        await Bed.AddAsync();
        var job = await Bed.ClaimOneAsync();
        await Bed.Store.AdvanceAsync(2 * Bed.Options.Lease);

        await at.TransactAsync(
            batch => JobLedger.Guard(batch, job.Lease),
            before: async () => Assert.Equal(new RescueCounts(0, 0), await Bed.RescueAsync())
        );

        Assert.Equal(new RescueCounts(1, 0), await Bed.RescueAsync());
    }

    [Fact]
    public async Task A_woken_job_does_not_wait_for_its_time()
    {
        var job = await Bed.AddAsync("a");
        await Bed.AddAsync("a");
        await Bed.SettleAsync(
            await Bed.ClaimOneAsync(),
            JobOutcome.Snooze(TimeSpan.FromHours(1), "later")
        );

        await at.TransactAsync(batch => JobLedger.Wake(batch, Guid.Empty, job.Id));

        Assert.Equal(job.Id, (await Bed.ClaimOneAsync()).Lease.JobId);
    }
}
