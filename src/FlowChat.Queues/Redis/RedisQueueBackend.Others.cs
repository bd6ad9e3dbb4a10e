using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

public sealed partial class RedisQueueBackend
{
    private const int OthersAtOnce = 100;

    /// <summary>Makes dead letters of what other programs wrote into the queue's streams.</summary>
    private async ValueTask BuryAsync(RedisQueue queue, List<OtherEntry> entries)
    {
        try
        {
            foreach (var page in entries.Chunk(OthersAtOnce))
                await BuryAsync(queue, page);
        }
        catch (Exception e) when (e is QueueUnavailableException or RedisException)
        {
            // They stay with the worker, and a rescuer meets them again.
            Log.OthersLeft(logger, queue.Options.Name, e);
        }
    }

    private async Task BuryAsync(RedisQueue queue, OtherEntry[] entries)
    {
        var dead = entries.Select(entry => entry.ToDead(queue)).ToList();
        List<RedisValue> arguments = [queue.Options.FailedHistory];
        foreach (var (entry, buried) in entries.Zip(dead))
            arguments.AddRange([
                (int)entry.Stream,
                entry.Id,
                PackedJob.Dead(buried.Job, buried.DeadAt, buried.Error!),
            ]);
        var there = await queue.EvaluateAsync(
            QueueScripts.BuryOthers,
            arguments.ToArray(),
            CancellationToken.None
        );
        var mine = dead.Where((_, n) => there[n].Boolean).ToList();
        foreach (var buried in mine)
            Log.Other(logger, queue.Options.Name, buried.Error!);
        deadLetterFeed.Add(mine);
    }
}
