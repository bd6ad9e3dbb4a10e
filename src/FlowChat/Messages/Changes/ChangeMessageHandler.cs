using FlowChat.Contacts;
using FlowChat.Conversations;
using FlowChat.Gateways;
using FlowChat.Instances;
using FlowChat.Queues;
using FlowChat.Storage;

namespace FlowChat.Messages.Changes;

/// <summary>Brings one change of a message to its gateway. It may be brought twice: that does no harm.</summary>
internal sealed class ChangeMessageHandler(
    Database database,
    TenantWriter writer,
    GatewayCatalog gateways,
    InstanceMonitor monitor
) : IJobHandler<ChangeMessageJob>
{
    private static readonly string FindTarget = $"""
        select {InstanceRow.Columns}, m.wa_id, m.direction, m.change::text, {ChatLine.JidColumn},
               case when g.jid is not null then {ContactJid.Of("m.sender_contact_id")} end
        from messages m
        join conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
        join instances i on i.tenant_id = m.tenant_id and i.id = m.instance_id and i.deleted_at is null
        left join groups g on g.tenant_id = c.tenant_id and g.id = c.group_id
        where m.id = $1
        """;

    private const int First = InstanceRow.ColumnCount;

    private static readonly TimeSpan NotConnectedDelay = TimeSpan.FromSeconds(15);

    public async ValueTask<JobOutcome> HandleAsync(
        ChangeMessageJob job,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(context.TenantId, job, cancellationToken) is not { } target)
        {
            return JobOutcome.Done;
        }
        var result = InstanceState.CanSend(target.Instance.State)
            ? await gateways
                .For(target.Instance)
                .ChangeAsync(target.Instance, target.Change, cancellationToken)
            : new ChangeResult.NotConnected("The number isn't connected.");
        if (result is ChangeResult.NotConnected)
        {
            monitor.CheckSoon(target.Instance.Id);
        }
        var outcome = OutcomeOf(result, context);
        await writer.WriteAsync(
            context.TenantId,
            new FinishChange(job, result, context.Lease, outcome),
            CancellationToken.None
        );
        return JobOutcome.SettledAs(outcome);
    }

    private static JobOutcome OutcomeOf(ChangeResult result, JobContext context) =>
        result switch
        {
            ChangeResult.NotConnected lost when !context.Expired => JobOutcome.Park(
                NotConnectedDelay,
                lost.Reason
            ),
            ChangeResult.Failed failed when !context.IsLastAttempt => JobOutcome.Retry(
                failed.Reason
            ),
            _ => JobOutcome.Done,
        };

    /// <returns>Null = it was taken back, or there is nobody to tell.</returns>
    private async Task<Target?> FindAsync(
        Guid tenantId,
        ChangeMessageJob job,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var found = await transaction.ReadAsync(
            FindTarget,
            [SqlBatch.Value(job.MessageId)],
            row =>
            {
                var change = MessageRow.ReadChange(row, First + 2);
                return change?.Id == job.ChangeId && row.TextOrNull(First + 3) is { } jid
                    ? new Target(
                        InstanceRow.Read(row),
                        new(
                            jid,
                            row.GetString(First),
                            row.GetString(First + 1) == MessageDirection.Out,
                            row.TextOrNull(First + 4),
                            change.Kind,
                            change.Text
                        )
                    )
                    : null;
            },
            cancellationToken
        );
        return found.SingleOrDefault();
    }

    private sealed record Target(Instance Instance, OutboundChange Change);
}
