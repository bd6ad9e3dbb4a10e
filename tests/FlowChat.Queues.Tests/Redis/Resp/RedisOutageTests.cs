using System.Diagnostics;
using System.Globalization;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis.Resp;

/// <summary>Redis dies, hangs, comes back, and was never there.</summary>
public sealed class RedisOutageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_server_fails_callers_at_once_and_is_found_again()
    {
        await using var server = await RedisServer.StartedAsync(Ct, durable: true);
        await using var client = RedisBed.Client(server.Url);
        await using var subscription = client.Subscribe("news");
        await using var messages = subscription.ReadAllAsync(Ct).GetAsyncEnumerator(Ct);
        await messages.MoveNextAsync();
        await using var blocking = await client.OpenBlockingAsync("list", Ct);
        var pop = new RedisCommand("BLPOP", "list", "300");
        var reading = blocking.SendAsync(pop, TimeSpan.FromSeconds(300), Ct).AsTask();
        await client.AskAsync("SET", "kept", "1");
        await client.AskAsync("CONFIG", "SET", "appendfsync", "always");
        await client.AskAsync("SET", "kept", "2");

        await server.KillAsync(Ct);
        await Assert.ThrowsAsync<QueueUnavailableException>(() => reading);
        await Assert.ThrowsAsync<QueueUnavailableException>(() => client.AskAsync("PING"));
        var clock = Stopwatch.StartNew();
        await Assert.ThrowsAsync<QueueUnavailableException>(() => client.AskAsync("PING"));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));

        await server.StartAsync(Ct);
        Assert.Equal(2, (await client.AskUntilThereAsync("GET", "kept")).Integer);
        await messages.MoveNextAsync();
        Assert.Null(messages.Current.Channel);
        await client.AskAsync("PUBLISH", "news", "back");
        await messages.MoveNextAsync();
        Assert.Equal("back"u8.ToArray(), messages.Current.Content.ToArray());
    }

    [Fact]
    public async Task A_server_that_was_never_there_is_found_when_it_comes()
    {
        await using var server = await RedisServer.StartedAsync(Ct);
        await server.KillAsync(Ct);
        await using var client = RedisBed.Client(server.Url);
        var failure = await Assert.ThrowsAsync<QueueUnavailableException>(() =>
            client.AskAsync("PING")
        );
        Assert.Contains($"127.0.0.1:{server.Port}", failure.Message, StringComparison.Ordinal);
        await server.StartAsync(Ct);
        Assert.Equal("PONG", (await client.AskUntilThereAsync("PING")).Text);
    }

    [Fact]
    public async Task A_server_that_hangs_fails_callers_and_blocking_reads_in_time()
    {
        await using var server = await RedisServer.StartedAsync(Ct);
        await using var client = RedisBed.Client(
            server.Url,
            options =>
                options with
                {
                    CommandTimeout = TimeSpan.FromMilliseconds(300),
                    BlockingGrace = TimeSpan.FromMilliseconds(300),
                }
        );
        await client.AskUntilThereAsync("PING");
        await using var blocking = await client.OpenBlockingAsync("list", Ct);
        await server.Process.SignalAsync("STOP", Ct);
        var pop = new RedisCommand("BLPOP", "list", "0.1");
        var reading = blocking.SendAsync(pop, TimeSpan.FromMilliseconds(100), Ct).AsTask();
        var asking = client.AskAsync("INCR", "a");
        await Assert.ThrowsAsync<QueueUnavailableException>(() => reading);
        var failure = await Assert.ThrowsAsync<QueueUnavailableException>(() => asking);
        Assert.Contains("unknown", failure.Message, StringComparison.Ordinal);
        await server.Process.SignalAsync("CONT", Ct);
        // The kernel had taken it, and the server does it when it wakes: that is what unknown means.
        Assert.Equal(1, (await client.AskUntilThereAsync("GET", "a")).Integer);
    }

    [Fact]
    public async Task Callers_wait_for_room_no_longer_than_for_a_reply()
    {
        await using var server = await RedisServer.StartedAsync(Ct);
        await using var client = RedisBed.Client(
            server.Url,
            options =>
                options with
                {
                    CommandTimeout = TimeSpan.FromMilliseconds(500),
                    MaxBytesInFlight = 100,
                }
        );
        await client.AskUntilThereAsync("PING");
        await server.Process.SignalAsync("STOP", Ct);
        var asking = Enumerable
            .Range(0, 20)
            .Select(n => client.AskAsync("ECHO", new byte[60]))
            .ToArray();
        foreach (var asked in asking)
            await Assert.ThrowsAsync<QueueUnavailableException>(() => asked);
        await server.Process.SignalAsync("CONT", Ct);
        await client.AskUntilThereAsync("PING");
    }

    [Theory]
    [InlineData("rediss://127.0.0.1:{0}")]
    [InlineData("rediss+cluster://127.0.0.1:{0}")]
    [InlineData("rediss+sentinel://127.0.0.1:{0}/chat")]
    public async Task Callers_wait_for_a_connection_no_longer_than_for_a_reply(string url)
    {
        await using var server = await RedisServer.StartedAsync(Ct);
        await using var proxy = FaultProxy.StartFor(new Uri(server.Url));
        proxy.Fault = NetworkFault.Stalled;
        await using var client = RedisBed.Client(
            string.Format(CultureInfo.InvariantCulture, url, proxy.Port),
            options =>
                options with
                {
                    ConnectTimeout = TimeSpan.FromMinutes(5),
                    CommandTimeout = TimeSpan.FromMilliseconds(300),
                }
        );

        await Assert.ThrowsAsync<QueueUnavailableException>(() =>
            client.AskAsync("PING").WaitAsync(QueueBed.Soon, Ct)
        );
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("rediss")]
    public async Task A_blocking_connection_to_a_silent_server_is_given_up_in_time(string scheme)
    {
        await using var server = await RedisServer.StartedAsync(Ct);
        await using var proxy = FaultProxy.StartFor(new Uri(server.Url));
        proxy.Fault = NetworkFault.Stalled;
        await using var client = RedisBed.Client(
            $"{scheme}://127.0.0.1:{proxy.Port}",
            options => options with { ConnectTimeout = TimeSpan.FromMilliseconds(300) }
        );

        var failure = await Assert.ThrowsAsync<QueueUnavailableException>(() =>
            client.OpenBlockingAsync("list", Ct).WaitAsync(QueueBed.Soon, Ct)
        );

        Assert.Contains("no connection within 0.3 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_master_that_became_a_replica_is_left()
    {
        await using var server = await RedisServer.StartedAsync(Ct);
        await using var client = RedisBed.Client(server.Url);
        var before = await client.AskAsync("CLIENT", "ID");
        await client.AskAsync("REPLICAOF", "127.0.0.1", "1");
        await Assert.ThrowsAsync<QueueUnavailableException>(() => client.AskAsync("SET", "a", "b"));
        var after = await client.AskUntilThereAsync("CLIENT", "ID");
        Assert.True(after.Integer > before.Integer, "It is still the old connection.");
    }
}
