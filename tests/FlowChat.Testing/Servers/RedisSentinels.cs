namespace FlowChat.Testing.Servers;

/// <summary>A master, its replica, and a sentinel that makes the replica the master when the other one dies.</summary>
public sealed class RedisSentinels : IAsyncDisposable
{
    private const string Service = "chat";

    private RedisSentinels(RedisServer master, RedisServer replica)
    {
        Master = master;
        Replica = replica;
    }

    public RedisServer Master { get; }

    public RedisServer Replica { get; }

    public RedisServer Sentinel { get; } = new(false, false, "--sentinel");

    public string Url => $"redis+sentinel://127.0.0.1:{Sentinel.Port}/{Service}";

    public static async Task<RedisSentinels> StartAsync(CancellationToken ct, bool durable = false)
    {
        var master = await RedisServer.StartedAsync(ct, durable, "--repl-diskless-sync-delay", "0");
        var replica = await RedisServer.StartedAsync(
            ct,
            durable,
            "--replicaof",
            $"127.0.0.1 {master.Port}"
        );
        var sentinels = new RedisSentinels(master, replica);
        // A sentinel learns of replicas when it starts, and then only every ten seconds.
        await replica.Process.WaitForLineAsync(
            line => line.Contains("Finished with success", StringComparison.Ordinal),
            ct
        );
        await File.WriteAllTextAsync(
            sentinels.Sentinel.ConfigurationFile,
            $"""
            sentinel monitor {Service} 127.0.0.1 {master.Port} 1
            sentinel down-after-milliseconds {Service} 500
            sentinel failover-timeout {Service} 3000

            """,
            ct
        );
        await sentinels.Sentinel.StartAsync(ct);
        return sentinels;
    }

    public async ValueTask DisposeAsync()
    {
        await Sentinel.DisposeAsync();
        await Replica.DisposeAsync();
        await Master.DisposeAsync();
    }
}
