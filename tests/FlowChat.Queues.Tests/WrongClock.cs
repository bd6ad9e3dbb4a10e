namespace FlowChat.Queues.Tests;

/// <summary>The clock of a machine that is set wrong.</summary>
internal sealed class WrongClock(TimeSpan ahead) : TimeProvider
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;

    /// <summary>A process that goes by it waits, leases and buries by the server's clock all the same.</summary>
    /// <param name="store">The server.</param>
    /// <param name="wrong">The process.</param>
    /// <param name="movesWithTime">Whether the store moves its own clock on, and not what it keeps back.</param>
    public static async Task AssertItDoesNotMatterAsync(
        IQueueStore store,
        IQueueBackend wrong,
        bool movesWithTime
    )
    {
        await using var bed = await QueueBed.MakeAsync(store, on: wrong);
        var right = store.Open();
        await right.PrepareAsync(bed.Options, Ct);
        await bed.AddAsync();

        await bed.SettleAsync(
            await bed.ClaimOneAsync(),
            JobOutcome.Retry("no", TimeSpan.FromMinutes(30))
        );
        await store.AdvanceAsync(TimeSpan.FromMinutes(25));
        Assert.Empty(await bed.ClaimAsync());
        Assert.Empty(await bed.ClaimAsync(by: right));
        await store.AdvanceAsync(TimeSpan.FromMinutes(5));
        var second = await bed.ClaimOneAsync();
        // An entry's id goes by the clock that the tests have not moved.
        Assert.InRange(second.Waited, TimeSpan.Zero, TimeSpan.FromMinutes(31));
        await bed.SettleAsync(second, JobOutcome.Snooze(TimeSpan.FromMinutes(30), "later"));
        Assert.Empty(await bed.ClaimAsync(by: right));
        await store.AdvanceAsync(TimeSpan.FromMinutes(30));

        var third = Assert.Single(await bed.ClaimAsync(1, right));
        Assert.Equal(new RescueCounts(0, 0), await bed.RescueAsync());
        await bed.SettleAsync(third, JobOutcome.Dead("no"));

        var now = System.GetUtcNow() + TimeSpan.FromHours(movesWithTime ? 1 : 0);
        var dead = Assert.Single(await bed.DeadAsync());
        Assert.InRange(dead.DeadAt, now.AddMinutes(-2), now.AddMinutes(2));
        Assert.All(
            dead.Errors,
            error => Assert.InRange(error.At, now.AddMinutes(-62), now.AddMinutes(2))
        );
    }
}
