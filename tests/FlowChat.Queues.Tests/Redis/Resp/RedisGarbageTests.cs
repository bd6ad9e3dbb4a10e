using System.Text;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Tests.Redis.Resp;

/// <summary>Whatever a server does, nobody hangs and nobody gets another's reply.</summary>
public sealed class RedisGarbageTests
{
    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", 0, false)]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", 0, true)]
    [InlineData(":1\r\n$4\r\nabcdefgh\r\n", 1, false)]
    [InlineData(":1\r\n$4\r\nabcdefgh\r\n", 1, true)]
    [InlineData(":1\r\n*100000000000\r\n", 1, false)]
    [InlineData(":1\r\n*100000000000\r\n", 1, true)]
    [InlineData(":1\r\n$5\r\nab", 1, false)]
    [InlineData(":1\r\n$5\r\nab", 1, true)]
    [InlineData(":1\r\n:2\r\n:3\r\n:4\r\n:5\r\n", 4, false)]
    [InlineData(":1\r\n:2\r\n:3\r\n:4\r\n:5\r\n", 4, true)]
    public async Task A_server_that_talks_nonsense_fails_all_who_wait(
        string said,
        int answers,
        bool hasThread
    )
    {
        await using var server = new ScriptedServer(
            async (stream, ct) =>
            {
                await stream.ReadExactlyAsync(new byte[4 * "*1\r\n$4\r\nPING\r\n".Length], ct);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(said), ct);
            }
        );
        await using var connection = await DialAsync(server, hasThread);
        var ping = new RedisCommand("PING");
        var asked = Enumerable
            .Range(0, 4)
            .Select(_ => connection.SendAsync(ping, RedisBed.Ct).AsTask())
            .ToArray();
        for (var n = 0; n < asked.Length; n++)
        {
            // What was said properly before the nonsense is the answer to who asked first.
            if (n < answers)
                Assert.Equal(n + 1, (await asked[n]).Integer);
            else
                await Assert.ThrowsAsync<QueueUnavailableException>(() => asked[n]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reply_that_nobody_asked_for_ends_the_connection(bool hasThread)
    {
        await using var server = new ScriptedServer(
            async (stream, ct) =>
            {
                await stream.ReadExactlyAsync(new byte["*1\r\n$4\r\nPING\r\n".Length], ct);
                await stream.WriteAsync("+PONG\r\n+PONG\r\n"u8.ToArray(), ct);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            }
        );
        await using var connection = await DialAsync(server, hasThread);
        await connection.SendAsync(new RedisCommand("PING"), RedisBed.Ct);
        await connection.Closed.WaitAsync(RedisBed.Ct);
        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() =>
            connection.SendAsync(new RedisCommand("PING"), RedisBed.Ct).AsTask()
        );
        Assert.Contains("nobody had asked", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_falls_silent_fails_all_who_wait_and_says_that_the_outcome_is_unknown()
    {
        await using var server = new ScriptedServer(
            (_, ct) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct)
        );
        await using var client = RedisBed.Client(
            server.Url,
            options => options with { CommandTimeout = TimeSpan.FromMilliseconds(200) }
        );
        var asked = Enumerable.Range(0, 4).Select(_ => client.AskAsync("INCR", "a")).ToArray();
        foreach (var reply in asked)
        {
            var failure = await Assert.ThrowsAsync<QueueUnavailableException>(() => reply);
            Assert.Contains("no reply came in time", failure.Message, StringComparison.Ordinal);
            Assert.Contains("unknown", failure.Message, StringComparison.Ordinal);
        }
    }

    private static Task<RedisConnection> DialAsync(ScriptedServer server, bool hasThread)
    {
        var options = RedisOptions.Parse(server.Url);
        var dialer = new RedisDialer(options, TimeProvider.System);
        return dialer.DialAsync(
            options.Endpoints[0],
            hasThread ? ConnectionUse.Waiting : ConnectionUse.Shared,
            RedisBed.Ct
        );
    }
}
