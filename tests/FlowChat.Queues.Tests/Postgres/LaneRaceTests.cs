using FlowChat.Queues.Postgres;
using Npgsql;

namespace FlowChat.Queues.Tests.Postgres;

/// <summary>A lane's last job ends while its next one is added: whoever commits last must see the other.</summary>
public sealed class LaneRaceTests(PostgresFixture postgres) : IAsyncLifetime
{
    private LedgerBed at = null!;

    private QueueBed Bed => at.Queue;

    public async ValueTask InitializeAsync() => at = await LedgerBed.MakeAsync(postgres);

    public ValueTask DisposeAsync() => at.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_added_before_the_last_one_ends_follows_it(bool dies)
    {
        await Bed.AddAsync("a");
        var last = await Bed.ClaimOneAsync();
        var next = Bed.NewJob("a");

        await WhileOpenAsync(
            batch => at.Ledger.Add(batch, [next]),
            () => Bed.SettleAsync(last, dies ? JobOutcome.Dead("no") : JobOutcome.Done)
        );

        Assert.Equal(next.Id, (await Bed.ClaimOneAsync()).Lease.JobId);
    }

    [Fact]
    public async Task What_is_added_after_the_last_one_ended_is_the_head()
    {
        await Bed.AddAsync("a");
        var last = await Bed.ClaimOneAsync();
        var next = Bed.NewJob("a");

        await WhileOpenAsync(
            batch => at.Ledger.Settle(batch, last.Lease, JobOutcome.Done),
            () => Bed.AddAsync(next)
        );

        Assert.Equal(next.Id, (await Bed.ClaimOneAsync()).Lease.JobId);
    }

    [Fact]
    public async Task What_is_requeued_while_the_last_one_ends_follows_it()
    {
        var dead = await Bed.AddAsync("a");
        await Bed.SettleAsync(await Bed.ClaimOneAsync(), JobOutcome.Dead("no"));
        await Bed.AddAsync("a");
        var last = await Bed.ClaimOneAsync();

        await WhileOpenAsync(
            batch => JobLedger.Requeue(batch, Guid.Empty, dead.Id),
            () => Bed.SettleAsync(last, JobOutcome.Done)
        );

        Assert.Equal(dead.Id, (await Bed.ClaimOneAsync()).Lease.JobId);
    }

    /// <summary>Runs the other call as far as it gets before the first one's commit.</summary>
    private async Task WhileOpenAsync(Action<NpgsqlBatch> first, Func<Task> other)
    {
        var running = Task.CompletedTask;
        await at.TransactAsync(
            first,
            before: async () =>
            {
                running = other();
                await at.UntilBlockedAsync(running);
            }
        );
        await running;
    }
}
