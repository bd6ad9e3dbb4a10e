using FlowChat.Queues.Redis.Resp;
using FlowChat.Queues.Redis.Resp.Cluster;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis.Resp;

public sealed class RedisClusterTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("123456789", 12739)]
    [InlineData("foo", 12182)]
    [InlineData("{user1000}.following", 3443)]
    [InlineData("foo{}{bar}", 8363)]
    [InlineData("foo{{bar}}zap", 4015)]
    [InlineData("foo{bar}{zap}", 5061)]
    public void A_slot_is_that_of_the_hash_tag(string key, int slot) =>
        Assert.Equal(slot, ClusterSlot.Of(key));

    [Fact]
    public void A_command_goes_by_its_first_key()
    {
        var slot = ClusterSlot.Of("k");
        Assert.Equal(slot, ClusterSlot.Of(new RedisCommand("GET", "k")));
        Assert.Equal(slot, ClusterSlot.Of(new RedisCommand("EVALSHA", "abc", 1, "k", "v")));
        Assert.Equal(slot, ClusterSlot.Of(new RedisCommand("XGROUP", "CREATE", "k", "g", "0")));
        Assert.Equal(
            slot,
            ClusterSlot.Of(
                new RedisCommand("XREADGROUP", "GROUP", "g", "c", "COUNT", 1, "streams", "k", ">")
            )
        );
        Assert.Null(ClusterSlot.Of(new RedisCommand("EVAL", "return 1", 0)));
        Assert.Null(ClusterSlot.Of(new RedisCommand("TIME")));
    }

    [Fact]
    public async Task Whoever_takes_a_node_for_a_server_is_told_how_to_write_its_address()
    {
        await using var cluster = await RedisClusterServers.StartAsync(Ct);
        await using var client = RedisBed.Client($"{cluster.Nodes[0].Url}/3");

        var away = await Assert.ThrowsAsync<QueueUnavailableException>(() =>
            client.AskAsync("GET", "k")
        );

        Assert.Contains("redis+cluster://", away.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_and_scripts_go_to_their_nodes()
    {
        await using var cluster = await RedisClusterServers.StartAsync(Ct);
        await using var client = RedisBed.Client(cluster.Url);
        var script = new RedisScript("return redis.call('INCRBY', KEYS[1], ARGV[1])");
        await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(async n =>
                {
                    await client.AskAsync("SET", $"key{n}", n);
                    var sum = await client.EvaluateAsync(script, [$"key{n}"], [1000], Ct);
                    Assert.Equal(n + 1000, sum.Integer);
                })
        );
        foreach (var node in cluster.Nodes)
            Assert.NotEqual("0", await node.AskAsync("DBSIZE", Ct));
        var crossing = await Assert.ThrowsAsync<RedisException>(() =>
            client.AskAsync("MGET", "key1", "key2")
        );
        Assert.Equal("CROSSSLOT", crossing.Code);
    }

    [Fact]
    public async Task A_slot_that_moves_is_followed_by_ASK_then_by_MOVED()
    {
        await using var cluster = await RedisClusterServers.StartAsync(Ct);
        await using var client = RedisBed.Client(cluster.Url);
        var slot = ClusterSlot.Of("{moving}");
        var from = cluster.Nodes[slot * 3 / ClusterSlot.Count];
        var to = cluster.Nodes.First(node => node != from);
        await client.AskAsync("SET", "{moving}stays", "old");

        await RedisClusterServers.BeginMoveAsync(slot, from, to, Ct);
        await client.AskAsync("SET", "{moving}a", "new");
        Assert.Equal("1", await to.AskAsync($"CLUSTER COUNTKEYSINSLOT {slot}", Ct));
        Assert.Equal("old", (await client.AskAsync("GET", "{moving}stays")).Text);
        var script = new RedisScript("return redis.call('GET', KEYS[1])");
        Assert.Equal("new", (await client.EvaluateAsync(script, ["{moving}a"], [], Ct)).Text);
        await Assert.ThrowsAsync<QueueUnavailableException>(() =>
            client.AskAsync("MGET", "{moving}stays", "{moving}a")
        );

        await using var blocking = await client.OpenBlockingAsync("{moving}stays", Ct);
        await client.AskAsync("DEL", "{moving}stays");
        await RedisClusterServers.EndMoveAsync(slot, from, to, Ct);
        Assert.Equal("new", (await client.AskAsync("GET", "{moving}a")).Text);
        var pop = new RedisCommand("BLPOP", "{moving}list", "0.01");
        await Assert.ThrowsAsync<QueueUnavailableException>(() =>
            blocking.SendAsync(pop, TimeSpan.FromMilliseconds(10), Ct).AsTask()
        );
        await using var again = await client.OpenBlockingAsync("{moving}list", Ct);
        Assert.True((await again.SendAsync(pop, TimeSpan.FromMilliseconds(10), Ct)).IsNull);
    }

    [Fact]
    public async Task A_cancelled_read_is_unblocked_where_it_blocks_and_nowhere_else()
    {
        await using var cluster = await RedisClusterServers.StartAsync(Ct);
        foreach (var node in cluster.Nodes)
            await node.AskAsync("CONFIG SET cluster-require-full-coverage no", Ct);
        var soon = TimeSpan.FromMilliseconds(500);
        await using var client = RedisBed.Client(
            cluster.Url,
            options => options with { ConnectTimeout = soon, CommandTimeout = soon }
        );
        var slot = ClusterSlot.Of("{moving}");
        var from = cluster.NodeOf(slot);
        var to = cluster.Nodes.First(node => node != from);
        await client.AskUntilThereAsync("SET", "{moving}a", "old");
        await using var blocking = await client.OpenBlockingAsync("{moving}list", Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var pop = new RedisCommand("BLPOP", "{moving}list", "300");
        var reading = blocking.SendAsync(pop, TimeSpan.FromSeconds(300), stop.Token).AsTask();

        // The node hangs, and another one takes its slot.
        await from.Process.SignalAsync("STOP", Ct);
        try
        {
            var target = await to.AskAsync("CLUSTER MYID", Ct);
            // The highest epoch wins the slot.
            await to.AskAsync("CLUSTER BUMPEPOCH", Ct);
            await to.AskAsync($"CLUSTER SETSLOT {slot} NODE {target}", Ct);
            await UntilServedAsync(client, "{moving}a");
            await stop.CancelAsync();
            await Assert.ThrowsAsync<QueueUnavailableException>(() =>
                reading.WaitAsync(QueueBed.Soon, Ct)
            );
        }
        finally
        {
            await from.Process.SignalAsync("CONT", CancellationToken.None);
        }

        await using var other = RedisBed.Client(to.Url);
        var calls = (await other.AskAsync("INFO", "commandstats")).Text;
        Assert.DoesNotContain("client|unblock", calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_dies_makes_its_slots_unavailable_until_it_is_back()
    {
        await using var cluster = await RedisClusterServers.StartAsync(Ct);
        await using var client = RedisBed.Client(cluster.Url);
        var dying = cluster.Nodes[ClusterSlot.Of("a") * 3 / ClusterSlot.Count];
        await client.AskAsync("SET", "a", "1");
        await dying.KillAsync(Ct);
        await Assert.ThrowsAsync<QueueUnavailableException>(() => client.AskAsync("GET", "a"));
        await dying.StartAsync(Ct);
        await client.AskUntilThereAsync("SET", "a", "2");
        Assert.Equal("2", await dying.AskAsync("GET a", Ct));
    }

    // The old owner's link doesn't come back.
    private static async Task UntilServedAsync(RedisClient client, string key)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(QueueBed.Soon);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
            try
            {
                await client.AskAsync("GET", key);
                return;
            }
            catch (QueueUnavailableException)
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
    }
}
