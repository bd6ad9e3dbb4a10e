namespace FlowChat.Testing.Servers;

/// <summary>Three masters that share the slots in equal ranges, without replicas.</summary>
public sealed class RedisClusterServers : IAsyncDisposable
{
    private const int Slots = 16384;

    private readonly List<RedisServer> nodes = [];

    public IReadOnlyList<RedisServer> Nodes => nodes;

    public string Url =>
        $"redis+cluster://{string.Join(',', nodes.Select(node => $"127.0.0.1:{node.Port}"))}";

    /// <summary>Whose slot it was at the start.</summary>
    public RedisServer NodeOf(int slot) =>
        nodes[Enumerable.Range(0, nodes.Count).Last(n => n * Slots / nodes.Count <= slot)];

    public static async Task<RedisClusterServers> StartAsync(
        CancellationToken ct,
        bool durable = false,
        int size = 3
    )
    {
        var cluster = new RedisClusterServers();
        for (var n = 0; n < size; n++)
            await cluster.AddAsync(durable, n * Slots / size, ((n + 1) * Slots / size) - 1, ct);
        foreach (var node in cluster.nodes)
        {
            await node.Process.WaitForLineAsync(
                line => line.Contains("Cluster state changed: ok", StringComparison.Ordinal),
                ct
            );
        }

        return cluster;
    }

    /// <summary>Begins to move a slot: who asks the first node for a key that isn't there is sent to the second for once.</summary>
    public static async Task BeginMoveAsync(
        int slot,
        RedisServer from,
        RedisServer to,
        CancellationToken ct
    )
    {
        var source = await from.AskAsync("CLUSTER MYID", ct);
        var target = await to.AskAsync("CLUSTER MYID", ct);
        await to.AskAsync($"CLUSTER SETSLOT {slot} IMPORTING {source}", ct);
        await from.AskAsync($"CLUSTER SETSLOT {slot} MIGRATING {target}", ct);
    }

    public static async Task EndMoveAsync(
        int slot,
        RedisServer from,
        RedisServer to,
        CancellationToken ct
    )
    {
        var target = await to.AskAsync("CLUSTER MYID", ct);
        await to.AskAsync($"CLUSTER SETSLOT {slot} NODE {target}", ct);
        await from.AskAsync($"CLUSTER SETSLOT {slot} NODE {target}", ct);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            await node.DisposeAsync();
    }

    private async Task AddAsync(bool durable, int first, int last, CancellationToken ct)
    {
        var bus = FreePort.Take();
        string[] settings = ["--cluster-enabled", "yes", "--cluster-port", $"{bus}"];
        string[] pace = ["--cluster-node-timeout", "1000"];
        var node = await RedisServer.StartedAsync(ct, durable, [.. settings, .. pace]);
        nodes.Add(node);
        await node.AskAsync($"CLUSTER SET-CONFIG-EPOCH {nodes.Count}", ct);
        await node.AskAsync($"CLUSTER ADDSLOTSRANGE {first} {last}", ct);
        if (nodes.Count > 1)
            await nodes[0].AskAsync($"CLUSTER MEET 127.0.0.1 {node.Port} {bus}", ct);
    }
}
