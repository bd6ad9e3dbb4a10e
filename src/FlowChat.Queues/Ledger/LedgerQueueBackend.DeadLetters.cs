using FlowChat.Queues.RabbitMq;
using FlowChat.Queues.Redis;

namespace FlowChat.Queues.Ledger;

public sealed partial class LedgerQueueBackend
{
    private const int DeadPage = 500;

    /// <summary>
    /// Makes the brokers' copy of the dead letters anew: the newest that it holds, of all these queues, from PostgreSQL
    /// and from the broker's own. What dies meanwhile may be missing.
    /// </summary>
    /// <returns>How many the copies have; null when no broker keeps one.</returns>
    /// <exception cref="QueueUnavailableException">A server is away; the copy is as it was.</exception>
    public async Task<int?> CopyDeadLettersAsync(
        IReadOnlyList<QueueOptions> queues,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(queues);
        int? copied = null;
        foreach (var broker in brokers)
        {
            if (
                broker.Backend is not RedisQueueBackend { DeadLetters: { IsKept: true } copy } redis
            )
                continue;
            var found = new List<DeadJob>();
            foreach (var queue in queues.Where(queue => CarrierOf(queue.Name) == broker))
            {
                await KnowAsync(redis, queue, cancellationToken);
                foreach (var keeper in new IQueueBackend[] { ledger, redis })
                    found.AddRange(
                        await NewestAsync(keeper, queue.Name, copy.Capacity, cancellationToken)
                    );
            }
            List<DeadJob> newest =
            [
                .. found.OrderByDescending(dead => dead.DeadAt).Take(copy.Capacity).Reverse(),
            ];
            await copy.ReplaceAsync(newest, cancellationToken);
            copied = (copied ?? 0) + newest.Count;
        }
        return copied;
    }

    /// <summary>
    /// Entries that the broker buried because no row was ever written for them: an older producer's, say. They are in no
    /// other list, and only <see cref="DiscardStrangersAsync"/> removes them.
    /// </summary>
    public async Task<IReadOnlyList<DeadJob>> FindStrangersAsync(
        QueueOptions queue,
        DeadJobFilter filter,
        DeadJobCursor? after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        await BuriedByBrokerAsync(queue, cancellationToken) is { } broker
            ? await broker.FindDeadAsync(filter, after, limit, cancellationToken)
            : [];

    /// <summary>How many there are. RabbitMQ's wait in its queue <c>NAME:dead</c>.</summary>
    public async Task<long> CountStrangersAsync(
        QueueOptions queue,
        CancellationToken cancellationToken
    ) =>
        CarrierOf(queue.Name)?.Backend is RabbitMqQueueBackend rabbitMq
            ? await rabbitMq.CountDeadAsync(BrokerEntry.Options(queue), cancellationToken)
        : await BuriedByBrokerAsync(queue, cancellationToken) is { } broker
            ? (await broker.MeasureAsync(queue.Name, cancellationToken)).Dead
        : 0;

    /// <summary>Removes them for good.</summary>
    /// <returns>How many were, or would be, removed.</returns>
    public async Task<int> DiscardStrangersAsync(
        QueueOptions queue,
        DeadJobFilter filter,
        bool dryRun,
        CancellationToken cancellationToken
    ) =>
        await BuriedByBrokerAsync(queue, cancellationToken) is { } broker
            ? await broker.ActOnDeadAsync(filter, DeadJobAction.Discard, dryRun, cancellationToken)
            : 0;

    /// <summary>Takes note of a job whose handler buried it in a transaction of its own.</summary>
    internal void Buried(JobLease lease) => Of(lease.Queue)?.Buried?.Add(lease);

    private void Note(IReadOnlyList<JobSettlement> settlements, IReadOnlySet<JobLease> held)
    {
        foreach (var (lease, outcome) in settlements)
            if (outcome.Kind == JobOutcomeKind.Dead && held.Contains(lease))
                Buried(lease);
    }

    private LedgerBroker? CarrierOf(string queue) =>
        brokers.FirstOrDefault(broker => broker.Carries(queue));

    // RabbitMQ's own are a queue, which its own tools show and empty.
    private async Task<RedisQueueBackend?> BuriedByBrokerAsync(
        QueueOptions queue,
        CancellationToken cancellationToken
    )
    {
        if (CarrierOf(queue.Name)?.Backend is not RedisQueueBackend redis)
            return null;
        await KnowAsync(redis, queue, cancellationToken);
        return redis;
    }

    // A command runs no feed, which would have prepared it.
    private static ValueTask KnowAsync(
        RedisQueueBackend redis,
        QueueOptions queue,
        CancellationToken cancellationToken
    ) =>
        redis.Knows(queue.Name)
            ? ValueTask.CompletedTask
            : redis.PrepareAsync(BrokerEntry.Options(queue), cancellationToken);

    private static async Task<List<DeadJob>> NewestAsync(
        IQueueBackend keeper,
        string queue,
        int most,
        CancellationToken cancellationToken
    )
    {
        var found = new List<DeadJob>();
        var filter = new DeadJobFilter { Queue = queue };
        DeadJobCursor? after = null;
        while (found.Count < most)
        {
            var limit = Math.Min(DeadPage, most - found.Count);
            var page = await keeper.FindDeadAsync(filter, after, limit, cancellationToken);
            found.AddRange(page);
            if (page.Count < limit)
                break;
            after = new DeadJobCursor(page[^1].DeadAt, page[^1].Job.Id);
        }
        return found;
    }
}
