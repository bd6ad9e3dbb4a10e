using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis.Resp;

public sealed class RedisSentinelTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_new_master_is_followed_after_the_old_one_has_died()
    {
        await using var servers = await RedisSentinels.StartAsync(Ct);
        await using var client = RedisBed.Client(servers.Url);
        await client.AskAsync("SET", "before", "1");
        Assert.Equal(1, (await client.AskAsync("WAIT", 1, 5000)).Integer);
        await using var blocking = await client.OpenBlockingAsync("list", Ct);

        await servers.Master.KillAsync(Ct);
        await client.AskUntilThereAsync("SET", "after", "2");
        Assert.Equal(1, (await client.AskAsync("GET", "before")).Integer);
        Assert.Equal("2", await servers.Replica.AskAsync("GET after", Ct));
        await using var again = await client.OpenBlockingAsync("list", Ct);
    }

    [Fact]
    public async Task A_server_that_is_named_and_is_no_master_is_not_used()
    {
        await using var servers = await RedisSentinels.StartAsync(Ct);
        await using var client = RedisBed.Client(servers.Url);
        await client.AskAsync("PING");
        await servers.Sentinel.Process.SignalAsync("STOP", Ct);
        await servers.Master.AskAsync("REPLICAOF 127.0.0.1 1", Ct);
        await servers.Sentinel.Process.SignalAsync("CONT", Ct);
        await Assert.ThrowsAsync<QueueUnavailableException>(() => client.AskAsync("SET", "a", "1"));
        var failure = await Assert.ThrowsAsync<QueueUnavailableException>(() =>
            client.OpenBlockingAsync("a", Ct)
        );
        Assert.Contains("is a slave", failure.Message, StringComparison.Ordinal);
        await servers.Master.AskAsync("REPLICAOF NO ONE", Ct);
        await client.AskUntilThereAsync("SET", "a", "1");
    }

    [Fact]
    public async Task An_unknown_name_and_sentinels_that_are_away_are_said()
    {
        await using var servers = await RedisSentinels.StartAsync(Ct);
        var wrong = servers.Url.Replace("/chat", "/chap", StringComparison.Ordinal);
        var port = servers.Sentinel.Port;
        var url = wrong.Replace($":{port}", $":1,127.0.0.1:{port}", StringComparison.Ordinal);
        await using var client = RedisBed.Client(url);
        var failure = await Assert.ThrowsAsync<QueueUnavailableException>(() =>
            client.AskAsync("PING")
        );
        Assert.Contains("127.0.0.1:1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("knows no master chap", failure.Message, StringComparison.Ordinal);
    }
}
