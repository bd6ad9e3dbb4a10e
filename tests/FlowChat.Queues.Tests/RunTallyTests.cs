namespace FlowChat.Queues.Tests;

public sealed class RunTallyTests
{
    [Theory]
    [InlineData(0.001)]
    [InlineData(0.05)]
    [InlineData(3)]
    [InlineData(250)]
    [InlineData(60_000)]
    [InlineData(3_600_000)]
    public void A_percentile_is_right_within_an_eighth(double milliseconds)
    {
        var counts = new long[DurationBuckets.Count];
        counts[DurationBuckets.IndexOf(TimeSpan.FromMilliseconds(milliseconds))]++;

        var median = DurationBuckets.Percentile(counts, 0.5)!.Value.TotalMilliseconds;

        Assert.InRange(median / milliseconds, 0.875, 1.125);
    }

    [Fact]
    public void Shares_are_counted_from_the_shortest()
    {
        var counts = new long[DurationBuckets.Count];
        counts[DurationBuckets.IndexOf(TimeSpan.FromMilliseconds(1))] = 98;
        counts[DurationBuckets.IndexOf(TimeSpan.FromSeconds(1))] = 2;

        Assert.True(DurationBuckets.Percentile(counts, 0.95) < TimeSpan.FromMilliseconds(2));
        Assert.True(DurationBuckets.Percentile(counts, 0.99) > TimeSpan.FromMilliseconds(800));
        Assert.Null(DurationBuckets.Percentile(new long[DurationBuckets.Count], 0.5));
    }

    [Fact]
    public void Every_duration_has_a_bucket()
    {
        foreach (var duration in new[] { TimeSpan.MinValue, TimeSpan.Zero, TimeSpan.MaxValue })
            Assert.InRange(DurationBuckets.IndexOf(duration), 0, DurationBuckets.Count - 1);
    }

    [Fact]
    public void What_is_taken_is_counted_once()
    {
        var tally = new RunTally();
        tally.Add("work", TimeSpan.Zero, TimeSpan.FromSeconds(1), JobOutcomeKind.Done);
        tally.Add("work", TimeSpan.Zero, TimeSpan.FromSeconds(1), JobOutcomeKind.Retry);
        tally.Add("work", TimeSpan.Zero, TimeSpan.FromSeconds(1), JobOutcomeKind.Dead);
        tally.AddDead("work", 2);

        var taken = Assert.Single(tally.Take());

        Assert.Equal((1, 3), (taken.Completed, taken.Failed));
        Assert.Equal((3, 3), (taken.Waits.Sum(), taken.Runs.Sum()));
        Assert.Empty(tally.Take());
    }

    [Fact]
    public void A_job_that_its_handler_settled_is_counted_as_what_became_of_it()
    {
        var options = new QueueOptions { Name = "work", MaxAttempts = 2 };
        var settled = JobOutcome.SettledAs(JobOutcome.Retry("no"));

        Assert.Equal(JobOutcomeKind.Retry, settled.Resolve(1, options, new Random(1)).End);
        Assert.Equal(JobOutcomeKind.Dead, settled.Resolve(2, options, new Random(1)).End);
        Assert.Equal(JobOutcomeKind.Settled, settled.Resolve(2, options, new Random(1)).Kind);
        Assert.Equal(JobOutcomeKind.Settled, JobOutcome.Settled.End);
    }
}
