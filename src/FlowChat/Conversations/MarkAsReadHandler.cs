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
    private const string FindPhone =
        "select "
        + InstanceRow.Columns
        + """
            ,
                   coalesce(g.jid, (
                     select value || case kind when 'phone' then '@s.whatsapp.net' else '@lid' end
                     from contact_identities where contact_id = c.contact_id
                     order by kind = 'phone' desc, created_at, value limit 1))
            from conversations c
            join instances i on i.tenant_id = c.tenant_id and i.id = c.instance_id and i.deleted_at is null
            left join groups g on g.tenant_id = c.tenant_id and g.id = c.group_id
            where c.id = coalesce((select conversation_id from joined_conversations where id = $1), $1)
            """;

    private const int JidColumn = InstanceRow.ColumnCount;

    // A receipt names each message; of a flood the newest do, and no thread is read further back than this.
    private const string FindMessages = """
        select wa_id from (
          select id, wa_id, direction, arrival, type from messages
          where conversation_id = coalesce((select conversation_id from joined_conversations where id = $1), $1)
          order by sent_at desc, arrival desc limit 500
        ) m
        where direction = 'in' and wa_id is not null and type not in ('call', 'system') and (id = $2 or (arrival > $3 and arrival <= $4))
        limit 100
        """;

    /// <summary>How long receipts wait when nobody has parked their number yet.</summary>
    private static readonly TimeSpan NotConnectedDelay = TimeSpan.FromSeconds(15);

    public async ValueTask<JobOutcome> HandleAsync(
        MarkAsReadJob job,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(context.TenantId, job, cancellationToken) is not { } unread)
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
        Guid tenantId,
        MarkAsReadJob job,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var phones = await transaction.ReadAsync(
            FindPhone,
            [SqlBatch.Value(job.ConversationId)],
            row => (Instance: InstanceRow.Read(row), Jid: row.TextOrNull(JidColumn)),
            cancellationToken
        );
        var waIds = await transaction.ReadAsync(
            FindMessages,
            Range(job),
            row => row.GetString(0),
            cancellationToken
        );
        return phones is [(var instance, { } jid)] && waIds.Count > 0
            ? new(instance, jid, waIds)
            : null;
    }

    private static NpgsqlParameter[] Range(MarkAsReadJob job) =>
        [
            SqlBatch.Value(job.ConversationId),
            SqlBatch.Value(job.MessageId),
            SqlBatch.Value(job.After ?? 0),
            SqlBatch.Value(job.Until ?? 0),
        ];

    private sealed record Unread(Instance Instance, string Jid, IReadOnlyList<string> WaIds);
}
