namespace FlowChat.Queues.Tests;

public sealed class RetryDelayTests
{
    private static readonly QueueOptions Queue = new()
    {
        Name = "work",
        RetryDelay = TimeSpan.FromSeconds(2),
        MaxRetryDelay = TimeSpan.FromSeconds(60),
        RetryJitter = 0.5,
    };

    [Theory]
    [InlineData(1, 0.5, 2)]
    [InlineData(2, 0.5, 4)]
    [InlineData(4, 0.5, 16)]
    [InlineData(6, 0.5, 60)]
    [InlineData(1000, 0.5, 60)]
    [InlineData(1, 0.0, 1)]
    [InlineData(6, 0.0, 30)]
    public void It_doubles_up_to_its_cap_and_is_spread_around_it(
        int attempt,
        double random,
        double seconds
    ) => Assert.Equal(seconds, RetryDelay.After(attempt, Queue, random).TotalSeconds, 3);

    [Fact]
    public void No_draw_leaves_the_spread()
    {
        var random = new Random(7);
        for (var n = 0; n < 1000; n++)
            Assert.InRange(RetryDelay.After(3, Queue, random.NextDouble()).TotalSeconds, 4, 12);
    }
}
