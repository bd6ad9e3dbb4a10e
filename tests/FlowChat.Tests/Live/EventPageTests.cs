using FlowChat.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Tests.Live;

/// <summary>The log page by page, and what a reader is told whose place isn't in it.</summary>
public sealed class EventPageTests(TestLog log) : IClassFixture<TestLog>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap()
    {
        await log.WriteAsync(log.Node, 7, Ct);
        var last = await log.LastSeqAsync(Ct);
        var first = (await log.Node.Client.EventsAsync(0, Ct, limit: 1)).Items.Single().Seq;

        var seqs = new List<long>();
        for (var after = first - 1; after < last; after = seqs[^1])
        {
            var page = await log.Node.Client.EventsAsync(after, Ct, limit: 3);
            Assert.InRange(page.Items.Count, 1, 3);
            Assert.Equal(last, page.LastSeq);
            seqs.AddRange(page.Items.Select(live => live.Seq));
        }

        Assert.Equal(
            Enumerable.Range((int)first, (int)(last - first + 1)).Select(n => (long)n),
            seqs
        );
        var end = await log.Node.Client.EventsAsync(last, Ct);
        Assert.Empty(end.Items);
        Assert.Equal(last, end.LastSeq);
    }

    [Fact]
    public async Task Zero_is_the_oldest_that_is_kept_and_a_place_before_it_is_reset()
    {
        await log.WriteAsync(log.Node, 4, Ct);
        var last = await log.LastSeqAsync(Ct);
        await log.ExecuteAsync(
            "update events set at = now() - interval '8 days' where seq <= @seq",
            new { seq = last - 2 }
        );
        var housekeeping = log.Node.Get<IServiceProvider>().GetRequiredService<Housekeeping>();
        Assert.True(await housekeeping.RunOnceAsync(Ct) > 0);

        var oldest = await log.Node.Client.EventsAsync(0, Ct);
        var justKept = await log.Node.Client.EventsAsync(last - 2, Ct);
        var tooOld = await log.Node.Client.EventsAsync(last - 3, Ct);

        Assert.Equal([last - 1, last], oldest.Items.Select(live => live.Seq));
        Assert.Equal([last - 1, last], justKept.Items.Select(live => live.Seq));
        var reset = Assert.Single(tooOld.Items);
        Assert.Equal(("reset", last), (reset.Type, reset.Seq));
        Assert.Empty(reset.Data);
        Assert.Equal(("reset", last), await FirstOfHubAsync(last - 3));
        Assert.Equal(("reset", last), await FirstOfStreamAsync(last - 3));
    }

    [Fact]
    public async Task A_place_ahead_of_the_log_is_reset()
    {
        var last = await log.LastSeqAsync(Ct);

        var page = await log.Node.Client.EventsAsync(last + 1, Ct);

        Assert.Equal("reset", page.Items.Single().Type);
        Assert.Equal(last, page.LastSeq);
        Assert.Equal(("reset", last), await FirstOfHubAsync(last + 1));
        Assert.Equal(("reset", last), await FirstOfStreamAsync(last + 1));
    }

    [Fact]
    public async Task After_a_reset_the_stream_goes_on()
    {
        var last = await log.LastSeqAsync(Ct);
        await using var events = EventStream
            .ReadAsync(log.Node.Client.Http, null, Ct, after: last + 1_000)
            .GetAsyncEnumerator(Ct);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal($"{last}", events.Current.Id);

        await log.WriteAsync(log.Node, 1, Ct);

        Assert.True(await events.MoveNextAsync());
        Assert.Equal(last + 1, events.Current.Seq);
    }

    private async Task<(string, long)> FirstOfHubAsync(long after)
    {
        var live = await log.Node.Client.LiveAsync(after, Ct).FirstAsync(Ct);
        return (live.Type, live.Seq);
    }

    private async Task<(string, long)> FirstOfStreamAsync(long after)
    {
        var live = await EventStream.ReadAsync(log.Node.Client.Http, $"{after}", Ct).FirstAsync(Ct);
        return (live.Type, live.Seq);
    }
}
