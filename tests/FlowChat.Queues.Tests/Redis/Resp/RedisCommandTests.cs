using FlowChat.Queues.Redis.Resp;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis.Resp;

/// <summary>What a caller asks and gets, on both versions of the protocol.</summary>
public sealed class RedisCommandTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Values_come_back_as_they_went()
    {
        await using var client = RedisBed.Client(redis.Server.Url + "/5");
        byte[] bytes = [0, 13, 10, 255, 36];
        await client.AskAsync("SET", "bytes", bytes);
        Assert.Equal(bytes, (await client.AskAsync("GET", "bytes")).Bytes.ToArray());
        await client.AskAsync("SET", "number", long.MinValue);
        Assert.Equal(long.MinValue, (await client.AskAsync("GET", "number")).Integer);
        await client.AskAsync("HSET", "hash", "é", "ü", "", "");
        var hash = await client.AskAsync("HGETALL", "hash");
        Assert.Equal(
            (RedisKind.Map, 4, "é", "ü"),
            (hash.Kind, hash.Count, hash[0].Text, hash[1].Text)
        );
        Assert.True((await client.AskAsync("GET", "nothing")).IsNull);
        await client.AskAsync("ZADD", "scores", "1.5", "a");
        Assert.Equal(1.5, (await client.AskAsync("ZSCORE", "scores", "a")).Double);
        Assert.Contains(
            "db=5",
            (await client.AskAsync("CLIENT", "INFO")).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_script_is_learned_and_learned_again()
    {
        await using var client = RedisBed.Client(redis.Server.Url);
        var script = new RedisScript("return {KEYS[1], ARGV[1], redis.call('INCR', KEYS[1])}");
        for (var n = 1; n <= 3; n++)
        {
            var reply = await client.EvaluateAsync(script, ["counter"], [n], Ct);
            Assert.Equal(("counter", n, n), (reply[0].Text, reply[1].Integer, reply[2].Integer));
            await client.AskAsync("SCRIPT", "FLUSH");
        }
    }

    [Fact]
    public async Task A_server_without_RESP3_is_spoken_to_in_RESP2()
    {
        await using var old = await RedisServer.StartedAsync(
            Ct,
            false,
            "--rename-command",
            "HELLO",
            "",
            "--requirepass",
            "secret"
        );
        var url = old.Url.Replace("//", "//:secret@", StringComparison.Ordinal) + "/2";
        await using var client = RedisBed.Client(url);
        var info = (await client.AskAsync("CLIENT", "INFO")).Text;
        Assert.Contains("db=2", info, StringComparison.Ordinal);
        Assert.Contains("name=flowchat", info, StringComparison.Ordinal);
        Assert.Contains("resp=2", info, StringComparison.Ordinal);

        await using var subscription = client.Subscribe("news");
        await using var messages = subscription.ReadAllAsync(Ct).GetAsyncEnumerator(Ct);
        await messages.MoveNextAsync();
        await client.AskAsync("PUBLISH", "news", "hello");
        await messages.MoveNextAsync();
        Assert.Equal("news", messages.Current.Channel);
        await CancelledReadIsUnblockedAsync(client);
    }

    [Fact]
    public async Task A_blocking_read_that_is_cancelled_ends_at_once_and_drops_nothing()
    {
        await using var client = RedisBed.Client(redis.Server.Url);
        await CancelledReadIsUnblockedAsync(client);
    }

    [Fact]
    public async Task A_blocking_read_blocks_nobody_else()
    {
        await using var client = RedisBed.Client(redis.Server.Url);
        await WaitingReadIsAnsweredAsync(client);
    }

    [Fact]
    public async Task A_blocking_connection_that_is_closed_fails_its_read_at_once()
    {
        await using var client = RedisBed.Client(redis.Server.Url);
        var blocking = await client.OpenBlockingAsync("never", Ct);
        var pop = new RedisCommand("BLPOP", "never", "300");
        var reading = blocking.SendAsync(pop, TimeSpan.FromSeconds(300), Ct).AsTask();
        await client.AskAsync("PING");

        await blocking.DisposeAsync().AsTask().WaitAsync(QueueBed.Soon, Ct);

        await Assert.ThrowsAsync<QueueUnavailableException>(() => reading);
    }

    internal static async Task WaitingReadIsAnsweredAsync(RedisClient client)
    {
        await using var blocking = await client.OpenBlockingAsync("list", Ct);
        var pop = new RedisCommand("BLPOP", "list", "30");
        var reading = blocking.SendAsync(pop, TimeSpan.FromSeconds(30), Ct).AsTask();
        await client.AskAsync("PING");
        Assert.False(reading.IsCompleted);
        await client.AskAsync("RPUSH", "list", "a");
        Assert.Equal("a", (await reading)[1].Text);
    }

    private static async Task CancelledReadIsUnblockedAsync(RedisClient client)
    {
        await using var blocking = await client.OpenBlockingAsync("idle", Ct);
        using var leaving = new CancellationTokenSource();
        var pop = new RedisCommand("BLPOP", "idle", "300");
        var reading = blocking.SendAsync(pop, TimeSpan.FromSeconds(300), leaving.Token).AsTask();
        await leaving.CancelAsync();
        Assert.True((await reading.WaitAsync(Ct)).IsNull);
        await client.AskAsync("RPUSH", "idle", "a");
        var next = await blocking.SendAsync(pop, TimeSpan.FromSeconds(300), Ct);
        Assert.Equal("a", next[1].Text);
    }
}
