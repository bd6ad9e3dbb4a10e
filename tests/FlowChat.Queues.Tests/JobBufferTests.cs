namespace FlowChat.Queues.Tests;

public sealed class JobBufferTests
{
    private readonly HandClock clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_handler_that_ends_between_the_look_and_the_wait_is_not_waited_for()
    {
        var buffer = new JobBuffer(
            new QueueOptions { Concurrency = 1, MaxPrefetch = 0 },
            TimeProvider.System
        );
        buffer.Add([Job()]);
        buffer.Take();
        Assert.Equal(0, buffer.Room);

        Assert.Null(buffer.Take());
        var wait = buffer.WaitAsync(TimeSpan.FromHours(1), Ct);

        Assert.True(wait.IsCompleted);
        Assert.Equal(1, buffer.Room);
        Assert.Empty(await wait);
    }

    [Theory]
    [InlineData(0.1, 50)]
    [InlineData(1, 40)]
    [InlineData(5, 8)]
    [InlineData(20, 2)]
    [InlineData(40.1, 0)]
    [InlineData(60_000, 0)]
    public void What_is_fetched_ahead_is_what_the_handlers_get_through_in_the_prefetch_time(
        double milliseconds,
        int ahead
    )
    {
        var buffer = Buffer();
        Assert.Equal(4, buffer.Room);

        Took(buffer, milliseconds);

        Assert.Equal(4 + ahead, buffer.Room);
    }

    [Fact]
    public void A_slow_run_among_fast_ones_counts_for_a_part_and_slow_ones_end_the_fetching()
    {
        var buffer = Buffer();
        Took(buffer, 1);

        Took(buffer, 33);
        Assert.Equal(4 + 20, buffer.Room);

        for (var n = 0; n < 200; n++)
            Took(buffer, 100);
        Assert.Equal(4, buffer.Room);
    }

    [Fact]
    public void No_more_is_fetched_while_half_of_it_waits()
    {
        var buffer = Buffer();
        Took(buffer, 1);
        Assert.Equal(4, buffer.Add([.. Enumerable.Range(0, 44).Select(_ => Job())]));
        for (var running = 0; running < 4; running++)
            buffer.Take();

        for (var waiting = 40; waiting > 20; waiting--)
        {
            Assert.Equal(0, buffer.Room);
            buffer.Take();
        }

        // The four that run and the twenty that wait are all that it may hold, less this.
        Assert.Equal(4 + 40 - 4 - 20, buffer.Room);
    }

    [Fact]
    public void A_queue_with_a_rate_fetches_nothing_ahead()
    {
        var buffer = Buffer(rate: 100);

        Took(buffer, 0.1);

        Assert.Equal(4, buffer.Room);
    }

    [Fact]
    public async Task What_waits_for_handlers_that_turn_out_slow_is_for_others()
    {
        var buffer = Buffer();
        Took(buffer, 1);
        buffer.Add([.. Enumerable.Range(0, 44).Select(_ => Job())]);
        for (var running = 0; running < 4; running++)
            buffer.Take();

        var left = await buffer.WaitAsync(TimeSpan.FromSeconds(1), Ct);

        Assert.Equal([TimeSpan.FromSeconds(1)], clock.Waits);
        Assert.Equal(40, left.Count);
        Assert.Equal(0, buffer.Room);
    }

    [Fact]
    public async Task What_waits_behind_slow_handlers_is_for_others_though_one_of_them_ends()
    {
        var buffer = Buffer();
        Took(buffer, 1);
        buffer.Add([.. Enumerable.Range(0, 44).Select(_ => Job())]);
        for (var running = 0; running < 4; running++)
            buffer.Take();
        clock.Meanwhile = () => buffer.Take();

        var left = await buffer.WaitAsync(TimeSpan.FromSeconds(1), Ct);

        Assert.Equal(39, left.Count);
    }

    [Fact]
    public async Task What_came_during_the_wait_stays()
    {
        var buffer = Buffer();
        Took(buffer, 1);
        buffer.Add([.. Enumerable.Range(0, 44).Select(_ => Job())]);
        clock.Meanwhile = () => buffer.Add([Job(), Job()]);

        var left = await buffer.WaitAsync(TimeSpan.FromSeconds(1), Ct);

        Assert.Equal(44, left.Count);
    }

    private JobBuffer Buffer(int? rate = null) =>
        new(
            new QueueOptions
            {
                Concurrency = 4,
                MaxPrefetch = 50,
                PrefetchTime = TimeSpan.FromMilliseconds(10),
                Rate = rate,
            },
            clock
        );

    private void Took(JobBuffer buffer, double milliseconds)
    {
        var started = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        buffer.Took(started);
    }

    private static RunningJob Job() =>
        new(
            new ClaimedJob
            {
                Lease = new JobLease(
                    default,
                    Guid.CreateVersion7(),
                    "work",
                    null,
                    Guid.CreateVersion7(),
                    1
                ),
                Payload = default,
            },
            0
        );
}
