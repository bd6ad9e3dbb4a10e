using System.Runtime.ExceptionServices;
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
        ExceptionDispatchInfo? failure = null;
        var at = Known(queue);
        var entries = leases
            .Where(lease => !RedisClaim.Of(lease).IsOver)
            .GroupBy(lease => RedisClaim.Of(lease).Entry);
        foreach (
            var group in entries.GroupBy(entry =>
                (at.All[entry.Key.Partition], entry.Key.Worker, entry.Key.Stream)
            )
        )
        foreach (var some in group.Chunk(1000))
            try
            {
                var (part, worker, stream) = group.Key;
                var kept = await RenewAsync(
                    part,
                    worker,
                    part.NameOf(stream),
                    some.Select(entry => entry.Key),
                    cancellationToken
                );
                foreach (var entry in some)
                    if (kept.Contains(entry.Key.Text))
                        held.UnionWith(entry);
            }
            catch (QueueUnavailableException e)
            {
                // The others' leases shall last, though nobody is told.
                failure = ExceptionDispatchInfo.Capture(e);
            }
        failure?.Throw();
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
        var abandoned = await GatherAsync(
            at,
            max,
            (part, room) => MaintainAsync(part, rescuer, room, cancellationToken)
        );
        // What is taken over must be settled, whatever fails from here on.
        if (abandoned.Count == 0)
            await FindOthersAsync(at, cancellationToken);
        return abandoned;
    }

    /// <returns>The entries that the worker still held.</returns>
    private static async Task<IReadOnlySet<string>> RenewAsync(
        RedisQueue queue,
        string worker,
        string stream,
        IEnumerable<RedisEntry> entries,
        CancellationToken cancellationToken
    )
    {
        RedisValue[] ids = [.. entries.Select(entry => (RedisValue)entry.Id)];
        var command = new RedisCommand(
            "XCLAIM",
            [stream, queue.Group, worker, 0, .. ids, "JUSTID"]
        );
        var kept = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            var reply = await queue.SendAsync(command, cancellationToken);
            foreach (var entry in reply.Items)
                kept.Add(entry.Text);
        }
        catch (RedisException e) when (IsWithoutGroup(e)) { }
        return kept;
    }

    private async ValueTask<IReadOnlyList<ClaimedJob>> MaintainAsync(
        RedisQueue at,
        string rescuer,
        int max,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        await at.FlushHistoryAsync();
        try
        {
            return await RescueAsync(at, rescuer, max);
        }
        catch (RedisException e) when (IsWithoutGroup(e))
        {
            // A group that is made anew gives all that its stream still has.
            await PrepareAsync(at, CancellationToken.None);
            return await RescueAsync(at, rescuer, max);
        }
    }

    // Its reply has claims: who asked has them, however late. It comes within the client's time for a command.
    private async ValueTask<IReadOnlyList<ClaimedJob>> RescueAsync(
        RedisQueue at,
        string rescuer,
        int max
    )
    {
        var forget = TimeSpan.FromMinutes(5) + 10 * at.Options.Lease;
        var reply = await at.EvaluateAsync(
            QueueScripts.Rescue,
            new RedisValue[]
            {
                rescuer,
                (long)at.Options.Lease.TotalMilliseconds,
                max,
                (long)forget.TotalMilliseconds,
            },
            CancellationToken.None
        );
        if (reply[1].Integer is var lost and > 0)
            Log.Deleted(logger, at.Options.Name, lost);
        var rescued = RedisEntry.ReadAll(reply[0], at, rescuer, max);
        rescued.Others.AddRange(OtherEntry.ReadAll(reply[2], at));
        await BuryAsync(at, rescued.Others);
        return await ToJobsAsync(at, rescued.Jobs);
    }
}
