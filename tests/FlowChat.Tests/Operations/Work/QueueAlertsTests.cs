using FlowChat.Operations.Work;

namespace FlowChat.Tests.Operations.Work;

public sealed class QueueAlertsTests
{
    private static readonly QueueStatus Calm = new(
        "send_message",
        "postgres",
        Waiting: 0,
        Active: 0,
        Delayed: 0,
        Completed: 9,
        Failed: 0,
        Dead: 0,
        Paused: false,
        Workers: 3,
        OldestWaitingSeconds: 0,
        ProcessedPerSecond: 0,
        WaitSeconds: null,
        RunSeconds: null
    );

    [Fact]
    public void A_calm_queue_raises_none() => Assert.Empty(QueueAlerts.Of(Calm, 5_000));

    [Theory]
    [InlineData(1_000, 0)]
    [InlineData(1_001, 0, "backlog")]
    [InlineData(0, 5_000, "backlog")]
    [InlineData(4_000, 1_001, "over_maxlen")]
    public void A_backlog_counts_what_waits_and_what_is_delayed(
        long waiting,
        long delayed,
        params string[] codes
    ) => Assert.Equal(codes, Codes(Calm with { Waiting = waiting, Delayed = delayed }));

    [Fact]
    public void The_oldest_job_the_dead_and_missing_workers_are_told()
    {
        Assert.Empty(Codes(Calm with { OldestWaitingSeconds = 60 }));
        Assert.Equal(["oldest_waiting"], Codes(Calm with { OldestWaitingSeconds = 61 }));
        Assert.Equal(["dead_letters"], Codes(Calm with { Dead = 1 }));
        Assert.Equal(["strangers"], Codes(Calm with { Strangers = 1 }));
        Assert.Equal(["no_consumer"], Codes(Calm with { Workers = 0 }));
    }

    [Theory]
    [InlineData(1, "send_message: 1 dead letter")]
    [InlineData(2, "send_message: 2 dead letters")]
    public void They_are_counted_in_words(long dead, string text) =>
        Assert.Equal(text, QueueAlerts.Of(Calm with { Dead = dead }, 5_000).Single().Text);

    private static IEnumerable<string> Codes(QueueStatus queue) =>
        QueueAlerts.Of(queue, 5_000).Select(alert => alert.Code);
}
