using FlowChat.Gateways;
using FlowChat.Instances;
using FlowChat.Queues;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Conversations;

/// <summary>Turns the ticks on the other side's phone blue.</summary>
internal sealed class MarkAsReadHandler(
    Database database,
    GatewayCatalog gateways,
    InstanceMonitor monitor
) : IJobHandler<MarkAsReadJob>
{
    // A join gave the arrivals anew: the job's range names others, and all that the team has seen is told, some of it again.
    private const string SeenByNow = $"""
        select seen_arrivals from conversations
        where id = {KnownConversation.Id}
          and exists (select from joined_conversations where id = $1 or (conversation_id = $1 and joined_at > $5))
        """;

    // A receipt names each message. Only of what a join moved no thread is read further back than this: it was told before.
    private const string FindMessages = $"""
        select wa_id from messages
        where direction = 'in' and wa_id is not null and type not in ('call', 'system')
          and id in (
            select id from messages
            where conversation_id = {KnownConversation.Id} and arrival > $3 and arrival <= $4
            union all
            select id from messages where conversation_id = {KnownConversation.Id} and id = $2
            union all
            select id from (
              select id, arrival from messages
              where conversation_id = {KnownConversation.Id}
              order by sent_at desc, arrival desc limit 500
            ) m
            where arrival <= ({SeenByNow})
          )
        order by sent_at desc, arrival desc
        """;

    // A join bears the time of its beginning, and may have waited for the conversation.
    private static readonly TimeSpan LongestJoin = TimeSpan.FromMinutes(1);

    /// <summary>How long receipts wait when nobody has parked their number yet.</summary>
    private static readonly TimeSpan NotConnectedDelay = TimeSpan.FromSeconds(15);

    public async ValueTask<JobOutcome> HandleAsync(
        MarkAsReadJob job,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(context, job, cancellationToken) is not { } unread)
        {
            return JobOutcome.Done;
        }
        if (!InstanceState.CanSend(unread.Instance.State))
        {
            return Wait(context, "The number isn't connected.");
        }
        var result = await gateways
            .For(unread.Instance)
            .MarkAsReadAsync(unread.Instance, unread.Jid, unread.WaIds, cancellationToken);
        switch (result)
        {
            case MarkResult.NotConnected lost:
                monitor.CheckSoon(unread.Instance.Id);
                return Wait(context, lost.Reason);
            case MarkResult.Failed failed:
                return JobOutcome.Retry(failed.Reason);
            default:
                return JobOutcome.Done;
        }
    }

    private static JobOutcome Wait(JobContext context, string reason) =>
        context.Expired ? JobOutcome.Done : JobOutcome.Park(NotConnectedDelay, reason);

    /// <returns>Null = there is nobody, or nothing, to tell.</returns>
    private async Task<Unread?> FindAsync(
        JobContext context,
        MarkAsReadJob job,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(
            context.TenantId,
            cancellationToken
        );
        var line = await ChatLine.FindAsync(transaction, job.ConversationId, cancellationToken);
        var waIds = await transaction.ReadAsync(
            FindMessages,
            Range(job, context.EnqueuedAt - LongestJoin),
            row => row.GetString(0),
            cancellationToken
        );
        return line is { Jid: { } jid } && waIds.Count > 0 ? new(line.Instance, jid, waIds) : null;
    }

    private static NpgsqlParameter[] Range(MarkAsReadJob job, DateTimeOffset joinedAfter) =>
        [
            SqlBatch.Value(job.ConversationId),
            SqlBatch.Value(job.MessageId),
            SqlBatch.Value(job.After ?? 0),
            SqlBatch.Value(job.Until ?? 0),
            SqlBatch.Value(joinedAfter),
        ];

    private sealed record Unread(Instance Instance, string Jid, IReadOnlyList<string> WaIds);
}
