using FlowChat.Queues.Redis.Resp;
using FlowChat.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Tests.Redis.Resp;

public sealed class RedisClientTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_set_is_got()
    {
        await using var server = await RedisServer.StartedAsync(Ct);
        await using var client = new RedisClient(
            RedisOptions.Parse(server.Url + "/3"),
            TimeProvider.System,
            NullLogger<RedisClient>.Instance
        );
        await client.SendAsync(new RedisCommand("SET", "a", "é"), Ct);
        var reply = await client.SendAsync(new RedisCommand("GET", "a"), Ct);
        Assert.Equal("é", reply.Text);

        var script = new RedisScript("return {KEYS[1], ARGV[1], 7}");
        await client.SendAsync(new RedisCommand("SCRIPT", "FLUSH"), Ct);
        reply = await client.EvaluateAsync(script, ["k"], [5], Ct);
        Assert.Equal(("k", 5, 7), (reply[0].Text, reply[1].Integer, reply[2].Integer));
    }
}
