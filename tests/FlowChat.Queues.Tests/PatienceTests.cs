namespace FlowChat.Queues.Tests;

public sealed class PatienceTests
{
    private readonly HandClock clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0.0, new double[] { 100, 200, 400, 800, 1600, 3200, 5000, 5000 })]
    [InlineData(0.5, new double[] { 75, 150, 300, 600, 1200, 2400, 3750, 3750 })]
    public async Task Waits_double_up_to_their_cap_and_the_jitter_shortens_them(
        double draw,
        double[] milliseconds
    )
    {
        var patience = new Patience(clock, new Drawn(draw));

        foreach (var _ in milliseconds)
            await patience.WaitAsync(Ct);

        Assert.Equal(milliseconds, clock.Waits.Select(wait => wait.TotalMilliseconds));
    }

    [Fact]
    public async Task What_goes_well_begins_anew_and_only_a_first_failure_is_one_to_log()
    {
        var patience = new Patience(clock, new Drawn(0));
        Assert.True(patience.IsFirst);
        for (var n = 0; n < 3; n++)
        {
            await patience.WaitAsync(Ct);
            Assert.False(patience.IsFirst);
        }

        patience.Reset();

        Assert.True(patience.IsFirst);
        await patience.WaitAsync(Ct);
        Assert.Equal(100, clock.Waits[^1].TotalMilliseconds);
    }

    [Fact]
    public async Task Who_leaves_does_not_wait()
    {
        await new Patience(TimeProvider.System, new Drawn(0)).WaitAsync(new(canceled: true));
    }

    private sealed class Drawn(double draw) : Random
    {
        public override double NextDouble() => draw;
    }
}
