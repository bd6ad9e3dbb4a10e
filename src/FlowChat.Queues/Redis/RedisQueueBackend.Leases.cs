using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

public sealed partial class RedisQueueBackend
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlySet<JobLease>> RenewAsync(
        QueueOptions queue,
        IReadOnlyCollection<JobLease> leases,
        CancellationToken cancellationToken
    )
    {
        var held = new HashSet<JobLease>(leases.Count);
        var at = Known(queue);
        foreach (
            var group in leases.GroupBy(lease =>
                (RedisClaim.Of(lease).Worker, RedisClaim.Of(lease).IsRescued)
            )
        )
        {
            var (worker, isRescued) = group.Key;
            foreach (var some in group.Chunk(1000))
                await RenewAsync(
                    at,
                    worker,
                    isRescued ? at.Rescued : at.Stream,
                    some,
                    held,
                    cancellationToken
                );
        }
        return held;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ClaimedJob>> MaintainAsync(
        QueueOptions queue,
        string rescuer,
        int max,
        CancellationToken cancellationToken
    )
    {
        var at = Known(queue);
        await at.FlushHistoryAsync();
        var forget = TimeSpan.FromMinutes(5) + 10 * queue.Lease;
        try
        {
            var reply = await at.EvaluateAsync(
                QueueScripts.Rescue,
                new RedisValue[]
                {
                    rescuer,
                    (long)queue.Lease.TotalMilliseconds,
                    max,
                    (long)forget.TotalMilliseconds,
                },
                cancellationToken
            );
            if (reply[1].Integer is var lost and > 0)
                Log.Deleted(logger, queue.Name, lost);
            return await ToJobsAsync(at, reply[0], rescuer, isRescued: true);
        }
        catch (RedisException e) when (IsWithoutGroup(e))
        {
            await PrepareAsync(at, cancellationToken);
            return [];
        }
    }

    private static async Task RenewAsync(
        RedisQueue queue,
        string worker,
        string stream,
        JobLease[] leases,
        HashSet<JobLease> held,
        CancellationToken cancellationToken
    )
    {
        RedisValue[] entries = [.. leases.Select(lease => (RedisValue)RedisClaim.Of(lease).Entry)];
        var command = new RedisCommand(
            "XCLAIM",
            [stream, queue.Group, worker, 0, .. entries, "JUSTID"]
        );
        try
        {
            var reply = await queue.SendAsync(command, cancellationToken);
            var kept = new HashSet<string>(StringComparer.Ordinal);
            foreach (var entry in reply.Items)
                kept.Add(entry.Text);
            held.UnionWith(leases.Where(lease => kept.Contains(RedisClaim.Of(lease).EntryText)));
        }
        catch (RedisException e) when (IsWithoutGroup(e)) { }
    }
}
