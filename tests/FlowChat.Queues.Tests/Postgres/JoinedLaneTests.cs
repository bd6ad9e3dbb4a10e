using FlowChat.Queues.Postgres;

namespace FlowChat.Queues.Tests.Postgres;

/// <summary>Two lanes become one while their jobs wait, run and lie dead.</summary>
public sealed class JoinedLaneTests(PostgresFixture postgres) : IAsyncLifetime
{
    private LedgerBed at = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private QueueBed Bed => at.Queue;

    public async ValueTask InitializeAsync() => at = await LedgerBed.MakeAsync(postgres);

    public ValueTask DisposeAsync() => at.DisposeAsync();

    [Fact]
    public async Task They_run_one_after_the_other_in_the_order_in_which_they_were_added()
    {
        Job[] jobs =
        [
            await Bed.AddAsync("a"),
            await Bed.AddAsync("b"),
            await Bed.AddAsync("b"),
            await Bed.AddAsync("a"),
        ];

        await JoinAsync("b", "a");

        await RunsAsync(jobs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_runs_goes_on_and_its_old_lease_lets_the_next_one_run(bool dies)
    {
        var first = await Bed.AddAsync("a");
        await Bed.AddAsync("b");
        var running = (await Bed.ClaimAsync()).Single(job => job.Lease.Lane == "b");
        // The other lane's head waits for its time again.
        await Bed.Store.AdvanceAsync(2 * Bed.Options.Lease);
        await Bed.Backend.RenewAsync(Bed.Options, [running.Lease], Ct);
        await Bed.RescueAsync();
        var later = await Bed.AddAsync("b");

        await JoinAsync("b", "a");

        Assert.Empty(await Bed.ClaimAsync());
        Assert.True(await Bed.SettleAsync(running, dies ? JobOutcome.Dead("no") : JobOutcome.Done));
        await RunsAsync(first, later);
    }

    [Fact]
    public async Task What_comes_back_keeps_its_place_before_the_others()
    {
        await Bed.AddAsync("b");
        var running = await Bed.ClaimOneAsync();
        var other = await Bed.AddAsync("a");

        await JoinAsync("b", "a");
        await Bed.SettleAsync(running, JobOutcome.Snooze(TimeSpan.FromMinutes(1), "later"));

        Assert.Empty(await Bed.ClaimAsync());
        await Bed.Store.AdvanceAsync(TimeSpan.FromMinutes(1));
        var again = await Bed.ClaimOneAsync();
        Assert.Equal(running.Lease.JobId, again.Lease.JobId);
        await Bed.SettleAsync(again, JobOutcome.Done);
        await RunsAsync(other);
    }

    [Fact]
    public async Task A_dead_one_returns_at_the_end_of_the_lane_it_was_brought_into()
    {
        var dead = await Bed.AddAsync("b");
        await Bed.SettleAsync(await Bed.ClaimOneAsync(), JobOutcome.Dead("no"));
        var waiting = await Bed.AddAsync("a");

        await JoinAsync("b", "a");
        await Bed.ActAsync(DeadJobAction.Requeue());

        await RunsAsync(waiting, dead);
    }

    [Fact]
    public async Task A_lease_follows_its_lane_through_several_joins()
    {
        await Bed.AddAsync("c");
        var running = await Bed.ClaimOneAsync();
        var waiting = await Bed.AddAsync("a");

        await JoinAsync("c", "b");
        await JoinAsync("b", "a");
        await Bed.SettleAsync(running, JobOutcome.Done);

        await RunsAsync(waiting, await Bed.AddAsync("a"));
    }

    [Fact]
    public async Task What_is_settled_while_its_lane_is_joined_lets_the_next_one_run()
    {
        await Bed.AddAsync("b");
        var running = await Bed.ClaimOneAsync();
        var waiting = await Bed.AddAsync("a");
        var settling = Task.FromResult(false);

        await at.TransactAsync(
            batch => JobLedger.JoinLanes(batch, Guid.Empty, Bed.Options.Name, "b", "a"),
            before: async () =>
            {
                settling = Bed.SettleAsync(running, JobOutcome.Done);
                await at.UntilBlockedAsync(settling);
            }
        );

        Assert.True(await settling);
        await RunsAsync(waiting);
    }

    private Task JoinAsync(string from, string into) =>
        at.TransactAsync(batch =>
            JobLedger.JoinLanes(batch, Guid.Empty, Bed.Options.Name, from, into)
        );

    /// <summary>These, in this order, never two at once, and nothing else.</summary>
    private async Task RunsAsync(params Job[] jobs)
    {
        foreach (var expected in jobs)
        {
            var head = Assert.Single(await Bed.ClaimAsync());
            Assert.Equal(expected.Id, head.Lease.JobId);
            await Bed.SettleAsync(head, JobOutcome.Done);
        }
        Assert.Empty(await Bed.ClaimAsync());
    }
}
