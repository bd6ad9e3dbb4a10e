using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

public sealed partial class RedisQueueBackend
{
    private const int DeadPage = 500;

    /// <inheritdoc/>
    public async ValueTask SetPausedAsync(
        string queue,
        bool paused,
        CancellationToken cancellationToken
    )
    {
        var at = Known(queue);
        await PrepareAsync(at, cancellationToken);
        foreach (var part in at.All)
            await part.EvaluateAsync(
                QueueScripts.Pause,
                new RedisValue[] { paused ? 1 : 0 },
                cancellationToken
            );
    }

    /// <inheritdoc/>
    public async ValueTask<QueueFigures> MeasureAsync(
        string queue,
        CancellationToken cancellationToken
    )
    {
        var at = Known(queue);
        var divided = await FindOthersAsync(at, cancellationToken);
        var replies = new List<RedisReply>();
        foreach (var part in at.All)
            replies.Add(await part.EvaluateAsync(QueueScripts.Measure, default, cancellationToken));
        return new QueueFigures
        {
            Queue = queue,
            Backend = Broker,
            Waiting = replies.Sum(WaitingOf),
            Active = replies.Sum(reply => reply[1].Integer),
            Delayed = replies.Sum(reply => reply[2].Integer),
            Dead = replies.Sum(reply => reply[3].Integer),
            BusyWorkers = replies
                .SelectMany(reply => reply[4].Items.ToArray())
                .DistinctBy(worker => worker.Text, StringComparer.Ordinal)
                .Count(),
            Paused = replies.Exists(reply => reply[5].Boolean),
            OldestWaiting = RedisTime.ToSpan(
                replies.Max(reply => reply[6].Integer - reply[7].Integer)
            ),
            Warnings =
            [
                .. await EvictionPolicy.CheckAsync(client, [at], cancellationToken),
                .. divided,
            ],
        };

        static long WaitingOf(RedisReply reply) =>
            Math.Max(0, reply[0].Integer - reply[1].Integer - reply[2].Integer - reply[3].Integer);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeadJob>> FindDeadAsync(
        DeadJobFilter filter,
        DeadJobCursor? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var found = new List<DeadJob>();
        // Two partitions may bury at the same time; the ids tell then which comes first.
        var from = after is null ? "+inf" : $"{RedisTime.ToMicros(after.DeadAt) + 1}";
        await foreach (
            var (_, buried) in DeadAsync(Known(filter.Queue), newest: true, from, cancellationToken)
        )
        {
            if (found.Count >= limit)
                break;
            var dead = BuriedJob.Read(buried, filter.Queue);
            if (BuriedJob.Matches(dead, filter) && !IsBefore(dead, after))
                found.Add(dead);
        }
        return found;

        static bool IsBefore(DeadJob dead, DeadJobCursor? after) =>
            dead.DeadAt == after?.DeadAt && dead.Job.Id.CompareTo(after.Id) >= 0;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ActOnDeadAsync(
        DeadJobFilter filter,
        DeadJobAction action,
        bool dryRun,
        CancellationToken cancellationToken
    )
    {
        var queue = Known(filter.Queue);
        var pages = new Dictionary<RedisQueue, List<RedisValue>>();
        var (acted, found) = (0, 0);
        // What dies while this runs is not meant.
        await PrepareAsync(queue, cancellationToken);
        var begun = queue.All.ToDictionary(part => part, part => part.Now);
        await foreach (
            var (part, buried) in DeadAsync(queue, newest: false, "-inf", cancellationToken)
        )
        {
            var dead = BuriedJob.Read(buried, filter.Queue);
            if (dead.DeadAt > begun[part] || !BuriedJob.Matches(dead, filter))
                continue;
            var page = pages.TryGetValue(part, out var some) ? some : pages[part] = [];
            page.Add(
                action.IsRequeue
                    ? BuriedJob.Anew(buried, dead, begun[part], found, action.PerSecond)
                    : buried.Job.Member
            );
            found++;
            if (page.Count == DeadPage)
                acted += await ActAsync(part, action, page, dryRun, cancellationToken);
        }
        foreach (var (part, page) in pages)
            acted += await ActAsync(part, action, page, dryRun, cancellationToken);
        return acted;
    }

    private static async Task<int> ActAsync(
        RedisQueue queue,
        DeadJobAction action,
        List<RedisValue> page,
        bool dryRun,
        CancellationToken cancellationToken
    )
    {
        var count = page.Count;
        if (count == 0)
            return 0;
        var jobs = page.ToArray();
        page.Clear();
        if (dryRun)
            return count;
        var script = action.IsRequeue ? QueueScripts.Requeue : QueueScripts.Discard;
        var reply = await queue.EvaluateAsync(script, jobs, cancellationToken);
        if (action.PerSecond is not null)
            queue.Expect(TimeSpan.Zero);
        return (int)reply.Integer;
    }
}
