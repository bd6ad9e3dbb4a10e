using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Queues.Redis.Resp.Cluster;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>Redis, its client here and the scripts agree on the slot that a stream's name gives its companions.</summary>
public sealed class RedisNameTests(RedisClusterFixture cluster) : IClassFixture<RedisClusterFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("chat:stream:work", false)]
    [InlineData("a{b", false)]
    [InlineData("{x}", true)]
    [InlineData("a{b}c{d}", true)]
    [InlineData("a{{b}}c", true)]
    [InlineData("}a{b}", true)]
    public async Task What_belongs_to_a_stream_has_its_slot(string stream, bool hasTag)
    {
        await using var store = cluster.CreateSpreadStore();
        var companions = RedisQueue.TagOf(stream) + ":";

        Assert.Equal(hasTag, ClusterSlot.HasTag(stream));
        Assert.Equal(companions, await BaseInScriptsAsync(store, stream));
        var slot = await SlotAsync(store, stream);
        Assert.Equal(slot, await SlotAsync(store, companions));
        Assert.Equal([slot, slot], [ClusterSlot.Of(stream), ClusterSlot.Of(companions)]);
    }

    [Theory]
    [InlineData("a{}b{c}")]
    [InlineData("a}b")]
    [InlineData("a}{b")]
    public async Task A_name_whose_slot_no_other_can_have_is_refused(string stream)
    {
        await using var store = cluster.CreateSpreadStore(o => o.StreamNames["work"] = stream);
        var backend = store.Open();

        await Assert.ThrowsAsync<NotSupportedException>(async () =>
            await backend.PrepareAsync(new QueueOptions { Name = "work" }, Ct)
        );

        Assert.NotEqual(
            await SlotAsync(store, stream),
            await SlotAsync(store, $"{{{stream}}}:front")
        );
        Assert.False(ClusterSlot.HasTag(stream));
    }

    private static async Task<string> BaseInScriptsAsync(RedisQueueStore store, string stream)
    {
        var script = new RedisScript(RedisScript.Load("prelude").Text + "return base");
        var reply = await store.Client.EvaluateAsync(script, [stream], ["group", 0], Ct);
        return reply.Text;
    }

    private static async Task<long> SlotAsync(RedisQueueStore store, string key) =>
        (await store.Client.SendAsync(new RedisCommand("CLUSTER", "KEYSLOT", key), Ct)).Integer;
}
