using FlowChat.Messages;
using FlowChat.Queues;
using FlowChat.Storage;

namespace FlowChat.Operations.Work;

/// <summary>Finds dead jobs, and lets them run again or go. A send takes its message along.</summary>
internal sealed class DeadLetters(IQueueBackend backend, TenantWriter writer)
{
    public const string PaceRemedy = "Give a number from 0.001 to 100000.";

    private const int Page = 500;

    // Few enough for a progress that moves, many enough to share commits.
    private const int AtOnce = 100;

    /// <summary>A slower pace would hold conversations for ever, a faster one is none.</summary>
    public static bool CanKeep(double perSecond) => perSecond is >= 0.001 and <= 100_000;

    public static string Counted(long count) =>
        count == 1 ? "1 dead letter" : $"{count} dead letters";

    /// <summary>Newest death first.</summary>
    public ValueTask<IReadOnlyList<DeadJob>> FindAsync(
        DeadJobFilter filter,
        DeadJobCursor? after,
        int limit,
        CancellationToken cancellationToken
    ) => backend.FindDeadAsync(filter, after, limit, cancellationToken);

    public ValueTask<int> CountAsync(DeadJobFilter filter, CancellationToken cancellationToken) =>
        backend.ActOnDeadAsync(filter, DeadJobAction.Discard, dryRun: true, cancellationToken);

    /// <param name="filter">Which.</param>
    /// <param name="perSecond">How many become due each second; null: all now.</param>
    /// <param name="progress">Is told how many are done.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>How many run again.</returns>
    public async Task<int> RequeueAsync(
        DeadJobFilter filter,
        double? perSecond,
        IProgress<int>? progress,
        CancellationToken cancellationToken
    )
    {
        if (filter.Queue != SendMessageJob.Queue)
        {
            var action = DeadJobAction.Requeue(perSecond);
            return await backend.ActOnDeadAsync(filter, action, dryRun: false, cancellationToken);
        }
        var apart = perSecond is { } pace ? TimeSpan.FromSeconds(1 / pace) : TimeSpan.Zero;
        return await EachSendAsync(
            filter,
            (id, place) => new RequeueSend(id, apart * place),
            progress,
            cancellationToken
        );
    }

    /// <returns>How many are gone.</returns>
    public async Task<int> DiscardAsync(
        DeadJobFilter filter,
        IProgress<int>? progress,
        CancellationToken cancellationToken
    ) =>
        filter.Queue == SendMessageJob.Queue
            ? await EachSendAsync(
                filter,
                (id, _) => new DiscardSend(id),
                progress,
                cancellationToken
            )
            : await backend.ActOnDeadAsync(
                filter,
                DeadJobAction.Discard,
                dryRun: false,
                cancellationToken
            );

    private async Task<int> EachSendAsync(
        DeadJobFilter filter,
        Func<Guid, int, DeadSend> change,
        IProgress<int>? progress,
        CancellationToken cancellationToken
    )
    {
        var (done, place) = (0, 0);
        foreach (var some in (await OldestFirstAsync(filter, cancellationToken)).Chunk(AtOnce))
        {
            var answers = await Task.WhenAll(
                some.Select(send =>
                    writer.WriteAsync(send.TenantId, change(send.Id, place++), cancellationToken)
                )
            );
            done += answers.Count(isDone => isDone);
            progress?.Report(done);
        }
        return done;
    }

    /// <summary>All that are dead now: what dies again meanwhile is not picked up a second time.</summary>
    private async Task<List<(Guid TenantId, Guid Id)>> OldestFirstAsync(
        DeadJobFilter filter,
        CancellationToken cancellationToken
    )
    {
        var found = new List<(Guid, Guid)>();
        DeadJobCursor? after = null;
        while (true)
        {
            var page = await backend.FindDeadAsync(filter, after, Page, cancellationToken);
            found.AddRange(page.Select(dead => (dead.Job.TenantId, dead.Job.Id)));
            if (page.Count < Page)
            {
                found.Reverse();
                return found;
            }
            after = new(page[^1].DeadAt, page[^1].Job.Id);
        }
    }
}
