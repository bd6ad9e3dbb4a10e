using FlowChat.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FlowChat.Tests.Live;

/// <summary>Several nodes on one database tell one story.</summary>
public sealed class TwoNodeTests(TestLog log) : IClassFixture<TestLog>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_sees_what_the_other_wrote()
    {
        await using var other = await log.StartNodeAsync();

        await AssertSeesAsync(reader: other, writer: log.Node);
        await AssertSeesAsync(reader: log.Node, writer: other);
    }

    [Fact]
    public async Task Without_hints_the_poll_finds_it()
    {
        await using var deaf = await FlowChatServer.StartAsync(
            log.ConnectionString,
            services: services =>
                services.Remove(
                    services.Last(service =>
                        service.ServiceType == typeof(IHostedService)
                        && service.ImplementationFactory?.Method.ReturnType == typeof(NodeHints)
                    )
                ),
            workers: false
        );
        Assert.DoesNotContain(
            deaf.Services.GetServices<IHostedService>(),
            duty => duty is NodeHints
        );

        await AssertSeesAsync(reader: deaf, writer: log.Node);
    }

    [Fact]
    public async Task Parallel_writers_make_one_gapless_order_on_both()
    {
        await using var other = await log.StartNodeAsync();
        var start = await log.LastSeqAsync(Ct);
        const int Writers = 8;
        const int Each = 25;
        var readings = new[] { log.Node, other }
            .Select(node =>
                node.Client.LiveAsync(start, Ct)
                    .Take(Writers * Each)
                    .Select(live => (live.Seq, live.Message!.Id))
                    .ToListAsync(Ct)
                    .AsTask()
            )
            .ToList();

        await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(writer => log.WriteAsync(writer % 2 == 0 ? log.Node : other, Each, Ct))
        );

        var stories = await Task.WhenAll(readings);
        Assert.Equal(
            Enumerable.Range(1, Writers * Each).Select(n => start + n),
            stories[0].Select(live => live.Seq)
        );
        Assert.Equal(stories[0], stories[1]);
        Assert.Equal(Writers * Each, stories[0].Select(live => live.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_reader_of_a_node_that_stops_goes_on_at_another_without_a_gap()
    {
        var start = await log.LastSeqAsync(Ct);
        var leaving = await log.StartNodeAsync();
        await using var hub = leaving.Client.LiveAsync(start, Ct).GetAsyncEnumerator(Ct);
        await using var stream = EventStream
            .ReadAsync(leaving.Client.Http, $"{start}", Ct)
            .GetAsyncEnumerator(Ct);
        await log.WriteAsync(log.Node, 1, Ct);
        Assert.True(await hub.MoveNextAsync());
        Assert.True(await stream.MoveNextAsync());

        var seen = hub.Current.Seq;

        var stopping = leaving.StopAsync();
        Assert.True(await hub.MoveNextAsync());
        Assert.True(await stream.MoveNextAsync());
        // To come back spread over a second, and from the place where they are: the hint is no event of the log.
        Assert.Equal(("reconnect", seen), (hub.Current.Type, hub.Current.Seq));
        Assert.Equal(1_000, hub.Current.Data["within_ms"]!.GetValue<int>());
        Assert.Equal(
            new StreamedEvent(null, seen, "reconnect"),
            stream.Current with
            {
                Id = stream.Current.Id is "" ? null : stream.Current.Id,
            }
        );
        // Ends, and doesn't break: both would throw.
        Assert.False(await hub.MoveNextAsync());
        Assert.False(await stream.MoveNextAsync());
        await stopping;
        await leaving.DisposeAsync();
        await log.WriteAsync(log.Node, 2, Ct);

        var rest = await log
            .Node.Client.LiveAsync(seen, Ct)
            .Take(2)
            .Select(live => live.Seq)
            .ToListAsync(Ct);
        Assert.Equal([start + 2, start + 3], rest);
    }

    private async Task AssertSeesAsync(FlowChatServer reader, FlowChatServer writer)
    {
        var start = await log.LastSeqAsync(Ct);
        await using var events = reader.Client.LiveAsync(start, Ct).GetAsyncEnumerator(Ct);
        var next = events.MoveNextAsync().AsTask();
        await log.WriteAsync(writer, 1, Ct);
        Assert.True(await next);
        Assert.Equal(start + 1, events.Current.Seq);
        next = events.MoveNextAsync().AsTask();
        await log.WriteAsync(writer, 1, Ct);
        Assert.True(await next);
        Assert.Equal(start + 2, events.Current.Seq);
    }
}
