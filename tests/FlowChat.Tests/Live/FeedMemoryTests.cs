using FlowChat.Live;
using FlowChat.Operations;
using FlowChat.Tests.Accounts;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Tests.Live;

/// <summary>What a node keeps of the logs of its tenants, and for how long.</summary>
public sealed class FeedMemoryTests(TestLog log) : IClassFixture<TestLog>
{
    private readonly FakeClock _clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_feed_that_nobody_reads_is_let_go_after_a_while()
    {
        using var alarms = new Alarms(_clock, NullLogger<Alarms>.Instance);
        using var tail = new EventTail(
            log.Node.Get<EventLog>(),
            new LiveSignal(),
            _clock,
            alarms,
            NullLogger<EventTail>.Instance
        );
        var (read, left) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await tail.OpenAsync(read, Ct);
        var feed = await tail.OpenAsync(left, Ct);
        feed.Leave();

        _clock.Advance(TenantFeed.IdleTime - TimeSpan.FromSeconds(1));
        tail.FreeFeeds();
        Assert.Equal(2, tail.Feeds);

        _clock.Advance(TimeSpan.FromSeconds(1));
        tail.FreeFeeds();
        Assert.Equal(1, tail.Feeds);
        Assert.False(feed.TryEnter());

        Assert.NotSame(feed, await tail.OpenAsync(left, Ct));
        Assert.Equal(2, tail.Feeds);
    }

    [Fact]
    public async Task A_ring_that_was_emptied_sends_its_readers_to_the_log_and_goes_on()
    {
        var caller = await log.TenantIdAsync();
        using var feed = new TenantFeed(caller, _clock);
        var events = log.Node.Get<EventLog>();
        await feed.CatchUpAsync(events, -1, Ct);
        var start = feed.Last;
        await log.WriteAsync(log.Node, 3, Ct);
        var last = await log.LastSeqAsync(Ct);
        await feed.CatchUpAsync(events, last, Ct);
        Assert.Equal(last - start, feed.After(start)!.Count);
        Assert.InRange(feed.Size, 1, 100_000);

        feed.Forget();

        Assert.Equal(0, feed.Size);
        Assert.Null(feed.After(start));
        Assert.Empty(feed.After(last)!);
        await log.WriteAsync(log.Node, 1, Ct);
        await feed.CatchUpAsync(events, await log.LastSeqAsync(Ct), Ct);
        Assert.Equal(await log.LastSeqAsync(Ct), feed.After(last)![^1].Seq);
    }
}
