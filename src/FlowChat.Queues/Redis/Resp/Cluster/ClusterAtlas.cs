namespace FlowChat.Queues.Redis.Resp.Cluster;

/// <summary>Keeps the map of a cluster: asked for by many, drawn by one at a time.</summary>
internal sealed class ClusterAtlas(
    RedisOptions options,
    RedisDialer dialer,
    TimeProvider time,
    Action<ClusterMap> onDrawn
) : IAsyncDisposable
{
    private static readonly TimeSpan BetweenDrawings = TimeSpan.FromMilliseconds(250);

    private static readonly RedisCommand Slots = new("CLUSTER", "SLOTS");

    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private volatile ClusterMap? map;
    private Task<ClusterMap>? drawing;
    private long drawnAt;

    public async ValueTask<RedisEndpoint> OwnerAsync(int? slot, CancellationToken cancellationToken)
    {
        var known = map ?? await RefreshedAsync(cancellationToken);
        var owner = slot is { } wanted
            ? known[wanted]
            : known.Nodes.Cast<RedisEndpoint?>().FirstOrDefault();
        if (owner is { } found)
            return found;
        await RefreshedAsync(cancellationToken);
        throw new QueueUnavailableException(
            slot is null
                ? "The Redis cluster has no slots yet."
                : $"No node of the Redis cluster has slot {slot}."
        );
    }

    /// <summary>The node itself has said so; the rest of the map is likely to be old too.</summary>
    public void Learn(Redirection moved)
    {
        lock (gate)
            map = map?.With(moved.Slot, moved.Owner);
        _ = RefreshSoonAsync();
    }

    /// <summary>For those who needn't wait; when a cluster is down these are many.</summary>
    public async Task RefreshSoonAsync()
    {
        if (
            drawing is not null
            && time.GetElapsedTime(Volatile.Read(ref drawnAt)) < BetweenDrawings
        )
            return;
        await ((Task)RefreshAsync()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task<ClusterMap> RefreshedAsync(CancellationToken cancellationToken) =>
        ConnectionWait.ForAsync(RefreshAsync(), options, time, cancellationToken);

    private Task<ClusterMap> RefreshAsync()
    {
        lock (gate)
        {
            if (drawing is null or { IsCompleted: true })
                drawing = DrawAsync();
            return drawing;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (drawing is not null)
            await ((Task)drawing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task<ClusterMap> DrawAsync()
    {
        await Task.Yield();
        Volatile.Write(ref drawnAt, time.GetTimestamp());
        var refusals = new List<string>();
        IEnumerable<RedisEndpoint> known = map?.Nodes ?? [];
        foreach (var node in known.Concat(options.Endpoints).Distinct())
        {
            try
            {
                await using var connection = await dialer.DialAsync(
                    node,
                    ConnectionUse.Shared,
                    stopping.Token
                );
                var drawn = ClusterMap.Read(
                    await connection.SendAsync(Slots, stopping.Token),
                    node
                );
                lock (gate)
                    map = drawn;
                onDrawn(drawn);
                return drawn;
            }
            catch (Exception e) when (e is QueueUnavailableException or RedisException)
            {
                refusals.Add(e.Message);
            }
        }

        throw new QueueUnavailableException(string.Join(' ', refusals));
    }
}
