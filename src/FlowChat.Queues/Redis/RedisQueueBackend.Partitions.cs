using System.Runtime.CompilerServices;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

public sealed partial class RedisQueueBackend
{
    private static void RefuseLimits(QueueOptions queue)
    {
        if (queue.Partitions > 1 && queue.IsLimited)
            throw new NotSupportedException(
                $"Queue {queue.Name} has a limit, which can't be kept over {queue.Partitions} partitions: leave out the one or the other."
            );
    }

    private RedisPartitions NewQueue(QueueOptions options) =>
        new(n => new RedisQueue(options, names, client, time, logger, n), client, time);

    private async ValueTask PrepareAsync(RedisPartitions queue, CancellationToken cancellationToken)
    {
        await FindOthersAsync(queue, cancellationToken);
        if (queue.Options.IsLimited && queue.All.Count > 1)
            throw new NotSupportedException(
                $"Queue {queue.Options.Name} has a limit, which can't be kept over partitions, and {queue.All.Count - 1} partitions of before hold jobs or dead letters: run and discard them without the limit, then start again."
            );
        foreach (var part in queue.All)
            await PrepareAsync(part, cancellationToken);
    }

    /// <summary>Takes in the partitions that were left with jobs when the number became smaller.</summary>
    /// <returns>What is wrong when other processes divide the queue otherwise, or did a minute ago.</returns>
    private async ValueTask<IReadOnlyList<string>> FindOthersAsync(
        RedisPartitions queue,
        CancellationToken cancellationToken
    )
    {
        var reply = await queue.First.EvaluateAsync(
            QueueScripts.Partitions,
            new RedisValue[] { queue.Options.Partitions },
            cancellationToken
        );
        var known = queue.All.Count;
        for (var n = (int)reply[0].Integer - 1; n >= known; n--)
        {
            await using var left = queue.Make(n);
            var figures = await left.EvaluateAsync(
                QueueScripts.Measure,
                default,
                cancellationToken
            );
            if (figures[0].Integer > 0)
                queue.Grow(n + 1);
        }
        foreach (var part in queue.All.Skip(known))
            await PrepareAsync(part, cancellationToken);
        return
        [
            .. reply[1]
                .Items.ToArray()
                .Select(said => said.Text)
                .Where(said => said != $"{queue.Options.Partitions}")
                .Select(said =>
                    $"Another process divides queue {queue.Options.Name} into {said} partitions, this one into {queue.Options.Partitions}: lanes keep their order only where all say the same."
                ),
        ];
    }

    /// <summary>The dead of all partitions in the order of their deaths.</summary>
    private static async IAsyncEnumerable<(RedisQueue Queue, BuriedJob Dead)> DeadAsync(
        RedisPartitions queue,
        bool newest,
        string from,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var heads = new PriorityQueue<
            (RedisQueue Queue, IAsyncEnumerator<BuriedJob> Dead),
            (long, Guid)
        >(Comparer<(long, Guid)>.Create((a, b) => newest ? b.CompareTo(a) : a.CompareTo(b)));
        var all = queue
            .All.Select(part => (part, PagesAsync(part, newest, from, cancellationToken)))
            .Select(pages => (pages.part, pages.Item2.GetAsyncEnumerator(cancellationToken)));
        foreach (var head in all)
            await AdvanceAsync(head);
        while (heads.TryDequeue(out var head, out _))
        {
            yield return (head.Queue, head.Dead.Current);
            await AdvanceAsync(head);
        }

        async ValueTask AdvanceAsync((RedisQueue Queue, IAsyncEnumerator<BuriedJob> Dead) head)
        {
            if (await head.Dead.MoveNextAsync())
                heads.Enqueue(head, (head.Dead.Current.DiedAt, head.Dead.Current.Job.Id));
        }
    }

    private static async IAsyncEnumerable<BuriedJob> PagesAsync(
        RedisQueue queue,
        bool newest,
        string from,
        [EnumeratorCancellation] CancellationToken cancellationToken
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
