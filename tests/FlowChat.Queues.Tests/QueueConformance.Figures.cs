namespace FlowChat.Queues.Tests;

public abstract partial class QueueConformance
{
    /// <summary>Whether <see cref="QueueFigures.OldestWaiting"/> knows of what waits behind others of its lane or key.</summary>
    protected virtual bool KnowsWhoWaitsBehindOthers => true;

    [Fact]
    public async Task The_oldest_waits_since_it_was_ready()
    {
        await using var bed = await BedAsync();
        Assert.Equal(TimeSpan.Zero, (await bed.MeasureAsync()).OldestWaiting);
        await bed.AddAsync();
        await bed.Store.AdvanceAsync(TimeSpan.FromMinutes(2));
        await bed.AddAsync();

        await AssertOldestAsync(bed, minutes: 2);

        await bed.ClaimAsync();
        Assert.Equal(TimeSpan.Zero, (await bed.MeasureAsync()).OldestWaiting);
    }

    [Fact]
    public async Task The_oldest_waits_since_it_was_due()
    {
        await using var bed = await BedAsync();
        await bed.AddAsync(
            bed.NewJob() with
            {
                DueAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(5),
            }
        );
        Assert.Equal(TimeSpan.Zero, (await bed.MeasureAsync()).OldestWaiting);

        await bed.Store.AdvanceAsync(TimeSpan.FromMinutes(8));

        await AssertOldestAsync(bed, minutes: 3);
    }

    [Theory]
    [InlineData("a", null)]
    [InlineData(null, "x")]
    public async Task The_oldest_may_wait_behind_one_that_runs(string? lane, string? key)
    {
        await using var bed = await BedAsync(o => o.KeyConcurrency = key is null ? null : 1);
        await bed.AddAsync(lane, key);
        await bed.AddAsync(lane, key);
        await bed.ClaimOneAsync();

        await bed.Store.AdvanceAsync(TimeSpan.FromMinutes(2));

        await AssertOldestAsync(bed, minutes: KnowsWhoWaitsBehindOthers ? 2 : 0);
    }

    private static async Task AssertOldestAsync(QueueBed bed, int minutes) =>
        Assert.InRange(
            (await bed.MeasureAsync()).OldestWaiting,
            TimeSpan.FromMinutes(minutes),
            TimeSpan.FromMinutes(minutes) + QueueBed.Soon
        );
}
