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
        await at.EvaluateAsync(
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
        var reply = await at.EvaluateAsync(QueueScripts.Measure, default, cancellationToken);
        var (living, active, delayed, dead) = (
            reply[0].Integer,
            reply[1].Integer,
            reply[2].Integer,
            reply[3].Integer
        );
        return new QueueFigures
        {
            Queue = queue,
            Backend = Broker,
            Waiting = Math.Max(0, living - active - delayed - dead),
            Active = active,
            Delayed = delayed,
            Dead = dead,
            BusyWorkers = (int)reply[4].Integer,
            Paused = reply[5].Boolean,
            OldestWaiting = RedisTime.ToSpan(reply[6].Integer - reply[7].Integer),
            Warnings = await EvictionPolicy.CheckAsync(client, cancellationToken),
        };
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
        var from = after is null ? "+inf" : $"{RedisTime.ToMicros(after.DeadAt)}";
        await foreach (
            var dead in PagesAsync(Known(filter.Queue), newest: true, from, cancellationToken)
        )
        {
            if (found.Count >= limit)
                break;
            if (BuriedJob.Read(dead, filter.Queue) is var job && BuriedJob.Matches(job, filter))
                found.Add(job);
        }
        return found;
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
        var page = new List<RedisValue>(DeadPage);
        var (acted, found) = (0, 0);
        // What dies while this runs is not meant.
        await PrepareAsync(queue, cancellationToken);
        var begun = queue.Now;
        await foreach (var buried in PagesAsync(queue, newest: false, "-inf", cancellationToken))
        {
            var dead = BuriedJob.Read(buried, filter.Queue);
            if (dead.DeadAt > begun)
                break;
            if (!BuriedJob.Matches(dead, filter))
                continue;
            page.Add(
                action.IsRequeue
                    ? BuriedJob.Anew(buried, dead, begun, found, action.PerSecond)
                    : buried.Job.Member
            );
            found++;
            if (page.Count == DeadPage)
                acted += await ActAsync(queue, action, page, dryRun, cancellationToken);
        }
        return acted + await ActAsync(queue, action, page, dryRun, cancellationToken);
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

    private static async IAsyncEnumerable<BuriedJob> PagesAsync(
        RedisQueue queue,
        bool newest,
        string from,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var reply = await queue.EvaluateAsync(
                QueueScripts.FindDead,
                new RedisValue[] { newest ? 1 : 0, from, DeadPage },
                cancellationToken
            );
            var page = reply[0];
            for (var n = 0; n < page.Count; n += 2)
                yield return new BuriedJob(page[n].Integer, PackedJob.Read(page[n + 1].Bytes));
            if (page.Count < 2 * DeadPage)
                yield break;
            from = $"{page[page.Count - 2].Integer}";
        }
    }
}
