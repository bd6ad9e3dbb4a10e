using FlowChat.Queues.Redis.Resp;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis.Resp;

/// <summary>Everyone gets the reply to their own command, whatever happens to the others.</summary>
public sealed class RedisPairingTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    private const int Callers = 2_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private RedisServer Server => redis.Server;

    [Fact]
    public async Task Thousands_of_callers_of_whom_some_leave()
    {
        await using var client = RedisBed.Client(Server.Url);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(n => EchoAsync(client, n, 20)));
    }

    [Fact]
    public async Task Callers_that_come_while_the_last_command_is_being_written()
    {
        await using var client = RedisBed.Client(
            Server.Url,
            options => options with { CommandTimeout = TimeSpan.FromSeconds(3) }
        );
        for (var round = 0; round < 5_000; round++)
            await Task.WhenAll(
                Enumerable.Range(0, round % 8 + 1).Select(_ => client.AskAsync("PING"))
            );
    }

    [Fact]
    public async Task Thousands_of_callers_with_little_room_in_flight()
    {
        await using var client = RedisBed.Client(
            Server.Url,
            options => options with { MaxBytesInFlight = 2_000 }
        );
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(n => EchoAsync(client, n, 5)));
        var large = await client.AskAsync("ECHO", new byte[5_000]);
        Assert.Equal(5_000, large.Bytes.Length);
    }

    [Fact]
    public async Task A_network_that_is_cut_and_slow_in_the_middle_of_replies()
    {
        await using var proxy = FaultProxy.Start(Server.Endpoint);
        proxy.Delay = TimeSpan.FromMilliseconds(1);
        await using var client = RedisBed.Client($"redis://127.0.0.1:{proxy.Port}");
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var answered = 0;
        var failed = 0;
        var callers = Enumerable.Range(0, 100).Select(AskAsync).ToArray();
        for (var cut = 0; cut < 10; cut++)
        {
            // Something was answered since the last cut, so this one falls into traffic.
            var seen = Volatile.Read(ref answered);
            while (Volatile.Read(ref answered) < seen + 100)
                await Task.Yield();
            proxy.Cut();
        }

        await enough.CancelAsync();
        await Task.WhenAll(callers);
        Assert.True(failed > 0, "No cut was felt.");

        async Task AskAsync(int caller)
        {
            var filler = new string('x', 20_000);
            for (var n = 0; !enough.IsCancellationRequested; n++)
            {
                try
                {
                    var reply = await client.AskAsync("ECHO", $"{caller}.{n}.{filler}");
                    Assert.StartsWith($"{caller}.{n}.", reply.Text, StringComparison.Ordinal);
                    Interlocked.Increment(ref answered);
                }
                catch (QueueUnavailableException)
                {
                    Interlocked.Increment(ref failed);
                    await Task.Yield();
                }
            }
        }
    }

    [Fact]
    public async Task A_reply_that_is_lost_with_its_connection_is_an_unknown_outcome()
    {
        await using var proxy = FaultProxy.Start(Server.Endpoint);
        await using var client = RedisBed.Client($"redis://127.0.0.1:{proxy.Port}");
        var lost = proxy.LoseReplyToAsync("lost-reply"u8.ToArray());
        var failure = await Assert.ThrowsAsync<QueueUnavailableException>(() =>
            client.AskAsync("INCR", "lost-reply")
        );
        await lost.WaitAsync(Ct);
        Assert.Contains("unknown", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await client.AskUntilThereAsync("GET", "lost-reply")).Integer);
    }

    [Fact]
    public async Task A_caller_who_leaves_costs_nobody_else_a_reply()
    {
        await using var proxy = FaultProxy.Start(Server.Endpoint);
        await using var client = RedisBed.Client($"redis://127.0.0.1:{proxy.Port}");
        await client.AskAsync("PING");
        proxy.Fault = NetworkFault.Stalled;
        using var leaving = new CancellationTokenSource();
        var first = client.SendAsync(new RedisCommand("ECHO", "first"), leaving.Token).AsTask();
        var second = client.AskAsync("ECHO", "second");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        proxy.Fault = NetworkFault.None;
        Assert.Equal("second", (await second).Text);
    }

    [Fact]
    public async Task Errors_go_to_who_caused_them()
    {
        await using var client = RedisBed.Client(Server.Url);
        await client.AskAsync("SET", "text", "a");
        var push = client.AskAsync("LPUSH", "text", "b");
        var echo = client.AskAsync("ECHO", "c");
        Assert.Equal("WRONGTYPE", (await Assert.ThrowsAsync<RedisException>(() => push)).Code);
        Assert.Equal("c", (await echo).Text);
    }

    private static async Task EchoAsync(RedisClient client, int caller, int times)
    {
        for (var n = 0; n < times; n++)
        {
            using var leaving = new CancellationTokenSource();
            var command = new RedisCommand("ECHO", $"{caller}.{n}");
            var reply = client.SendAsync(command, leaving.Token).AsTask();
            if ((caller + n) % 3 == 0)
                await leaving.CancelAsync();
            try
            {
                Assert.Equal($"{caller}.{n}", (await reply).Text);
            }
            catch (OperationCanceledException) when (leaving.IsCancellationRequested)
            {
                // It left before its reply came.
            }
        }
    }
}
