using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Redis.Resp.Cluster;

/// <summary>The nodes of a cluster: a command goes to the one that has the slot of its first key.</summary>
internal sealed class RedisCluster : IRedisServers
{
    private const int MostRedirections = 8;

    private static readonly RedisCommand Asking = new("ASKING");
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(50);

    private readonly RedisOptions options;
    private readonly RedisDialer dialer;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ClusterAtlas atlas;
    private readonly Lock gate = new();
    private readonly Dictionary<RedisEndpoint, RedisLink> links = [];

    public RedisCluster(RedisOptions options, RedisDialer dialer, TimeProvider time, ILogger logger)
    {
        this.options = options;
        this.dialer = dialer;
        this.time = time;
        this.logger = logger;
        atlas = new ClusterAtlas(options, dialer, time, CloseOthers);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RedisReply> SendAsync(
        RedisCommand command,
        CancellationToken cancellationToken
    )
    {
        var owner = await atlas.OwnerAsync(ClusterSlot.Of(command), cancellationToken);
        var asking = false;
        for (var n = 0; n < MostRedirections; n++)
        {
            try
            {
                return await SendToAsync(owner, asking, command, cancellationToken);
            }
            catch (RedisException e) when (Redirection.Read(e, owner) is { } redirection)
            {
                if (redirection.IsForGood)
                    atlas.Learn(redirection);
                owner = redirection.Owner;
                asking = !redirection.IsForGood;
            }
            catch (RedisException e) when (e.Code == "TRYAGAIN")
            {
                // Its keys are being moved, and some are still there.
                await Task.Delay(TryAgainAfter, time, cancellationToken);
            }
        }

        throw new QueueUnavailableException(
            $"The nodes of the Redis cluster don't agree on who has the keys of {command.Name}."
        );
    }

    public async ValueTask<IReadOnlyList<RedisReply>> SendToOwnersAsync(
        RedisCommand command,
        IEnumerable<string> keys,
        CancellationToken cancellationToken
    )
    {
        var owners = new HashSet<RedisEndpoint>();
        foreach (var key in keys)
            owners.Add(await atlas.OwnerAsync(ClusterSlot.Of(key), cancellationToken));
        if (owners.Count == 0)
            owners.Add(await atlas.OwnerAsync(null, cancellationToken));
        return await Task.WhenAll(
            owners.Select(owner =>
                SendToAsync(owner, asking: false, command, cancellationToken).AsTask()
            )
        );
    }

    public async Task<RedisConnection> DialAsync(
        string key,
        ConnectionUse use,
        CancellationToken cancellationToken
    )
    {
        var owner = await atlas.OwnerAsync(ClusterSlot.Of(key), cancellationToken);
        try
        {
            return await dialer.DialAsync(owner, use, cancellationToken);
        }
        catch (QueueUnavailableException)
        {
            _ = atlas.RefreshSoonAsync();
            throw;
        }
    }

    public void Learn(RedisException refusal, RedisEndpoint from)
    {
        if (Redirection.Read(refusal, from) is { IsForGood: true } moved)
            atlas.Learn(moved);
    }

    public async ValueTask DisposeAsync()
    {
        await atlas.DisposeAsync();
        foreach (var link in links.Values)
            await link.DisposeAsync();
    }

    private async ValueTask<RedisReply> SendToAsync(
        RedisEndpoint node,
        bool asking,
        RedisCommand command,
        CancellationToken cancellationToken
    )
    {
        var link = Link(node);
        try
        {
            if (!asking)
                return await link.SendAsync(command, cancellationToken);
            var connection = await link.ConnectionAsync(cancellationToken);
            return await connection.SendAfterAsync(Asking, command, cancellationToken);
        }
        catch (QueueUnavailableException)
        {
            // It may have been replaced. What became of the command is unknown, so only the next one goes elsewhere.
            _ = atlas.RefreshSoonAsync();
            throw;
        }
    }

    private RedisLink Link(RedisEndpoint node)
    {
        lock (gate)
        {
            if (!links.TryGetValue(node, out var link))
            {
                link = new RedisLink(
                    ct => dialer.DialAsync(node, ConnectionUse.Shared, ct),
                    options,
                    time,
                    logger
                );
                links.Add(node, link);
            }

            return link;
        }
    }

    // A node that has left is not dialled for ever.
    private void CloseOthers(ClusterMap map)
    {
        var nodes = map.Nodes.ToHashSet();
        lock (gate)
        {
            foreach (var (node, link) in links.Where(known => !nodes.Contains(known.Key)).ToArray())
            {
                links.Remove(node);
                _ = link.DisposeAsync().AsTask();
            }
        }
    }
}
