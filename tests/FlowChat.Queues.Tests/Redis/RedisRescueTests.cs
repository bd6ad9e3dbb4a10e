using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>Jobs on their way from a dead worker to a living one, which must not be lost a second time.</summary>
public sealed class RedisRescueTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rescue_that_is_cancelled_while_its_reply_is_on_its_way_gives_what_it_took_over()
    {
        await using var network = FaultProxy.StartFor(new Uri(redis.Url));
        var store = redis.CreateStore($"redis://127.0.0.1:{network.Port}");
        await using var bed = await AbandonedAsync(store);
        using var stop = new CancellationTokenSource();

        network.Fault = NetworkFault.Stalled;
        var taking = bed.Backend.MaintainAsync(bed.Options, "rescuer", 10, stop.Token).AsTask();
        await stop.CancelAsync();
        network.Fault = NetworkFault.None;

        Assert.True(await bed.SettleAsync(Assert.Single(await taking), JobOutcome.Retry("again")));
    }

    [Theory]
    [InlineData(":rescued")]
    [InlineData(":rescued", ":front", "")]
    public async Task What_was_taken_over_comes_again_after_others_destroyed_its_group(
        params string[] streams
    )
    {
        var store = redis.CreateStore();
        await using var bed = await AbandonedAsync(store);
        Assert.Single(await bed.Backend.MaintainAsync(bed.Options, "dead rescuer", 10, Ct));
        var queue = $"{store.Prefix}work";
        foreach (var companion in streams)
        {
            var stream = companion.Length > 0 ? $"{{{queue}}}{companion}" : queue;
            var destroyed = await store.Client.SendAsync(
                new RedisCommand("XGROUP", ["DESTROY", stream, new RedisQueueOptions().Group]),
                Ct
            );
            Assert.Equal(1, destroyed.Integer);
        }

        Assert.Equal(new RescueCounts(Returned: 1, Dead: 0), await bed.RescueAsync());

        Assert.Equal(2, (await bed.ClaimOneAsync()).Lease.Attempt);
    }

    /// <summary>One job, held by a worker whose lease has passed.</summary>
    private static async Task<QueueBed> AbandonedAsync(RedisQueueStore store)
    {
        var bed = await QueueBed.MakeAsync(
            store,
            o => (o.RetryDelay, o.RetryJitter) = (TimeSpan.Zero, 0)
        );
        await bed.AddAsync("a");
        await bed.ClaimOneAsync();
        await store.AdvanceAsync(2 * bed.Options.Lease);
        return bed;
    }
}
