using FlowChat.Contacts;
using FlowChat.Conversations;
using FlowChat.Gateways;
using FlowChat.Instances;
using FlowChat.Queues;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Messages.Changes;

/// <summary>Brings one change of a message to its gateway. It may be brought twice: that does no harm.</summary>
internal sealed class ChangeMessageHandler(
    Database database,
    TenantWriter writer,
    GatewayCatalog gateways,
    InstanceMonitor monitor,
    TimeProvider clock
) : IJobHandler<ChangeMessageJob>
{
    private static readonly string FindTarget = $"""
        select {InstanceRow.Columns}, m.wa_id, m.direction, m.change::text, {ChatLine.JidColumn},
               case when g.jid is not null then {ContactJid.Of(
            "m.sender_contact_id"
        )} end, m.sent_at
        from messages m
        join conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
        left join instances i on i.tenant_id = m.tenant_id and i.id = m.instance_id and i.deleted_at is null
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
        var result = await DoAsync(target, cancellationToken);
        var outcome = OutcomeOf(result, context);
        await writer.WriteAsync(
            context.TenantId,
            new FinishChange(job, result, context.Lease, outcome),
            CancellationToken.None
        );
        return JobOutcome.SettledAs(outcome);
    }

    private async Task<ChangeResult> DoAsync(Target target, CancellationToken cancellationToken)
    {
        if (target.Instance is not { } instance)
        {
            return new ChangeResult.Refused(
                SendError.NumberRemoved,
                "The number was removed from FlowChat."
            );
        }
        if (target.Change is not { } change)
        {
            return new ChangeResult.Refused(SendError.Undeliverable, SendHindrance.NoAddress);
        }
        // It may have waited for its number since it was asked for.
        if (
            change.Kind == MessageChangeKind.Edit
            && clock.GetUtcNow() - target.SentAt > QueueChange.EditTime
        )
        {
            return new ChangeResult.Refused(QueueChange.TooLate.Code, QueueChange.TooLate.Text);
        }
        var result = InstanceState.CanSend(instance.State)
            ? await gateways.For(instance).ChangeAsync(instance, change, cancellationToken)
            : new ChangeResult.NotConnected("The number isn't connected.");
        if (result is ChangeResult.NotConnected)
        {
            monitor.CheckSoon(instance.Id);
        }
        return result;
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

    /// <returns>Null = another one has taken its place, or it was given up.</returns>
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
            row => MessageRow.ReadChange(row, First + 2) is { } change ? Read(row, change) : null,
            cancellationToken
        );
        return found.SingleOrDefault() is { } target && target.Id == job.ChangeId ? target : null;
    }

    private static Target Read(NpgsqlDataReader row, MessageChange change) =>
        new(
            change.Id,
            row.IsDBNull(0) ? null : InstanceRow.Read(row),
            row.TextOrNull(First + 3) is { } jid
                ? new(
                    jid,
                    row.GetString(First),
                    row.GetString(First + 1) == MessageDirection.Out,
                    row.TextOrNull(First + 4),
                    change.Kind,
                    change.Text
                )
                : null,
            row.Time(First + 5)
        );

    /// <param name="Id">The change's.</param>
    /// <param name="Instance">Null = the number was removed.</param>
    /// <param name="Change">As its gateway takes it; null = the contact has no address that it sends to.</param>
    /// <param name="SentAt">The message's.</param>
    private sealed record Target(
        Guid Id,
        Instance? Instance,
        OutboundChange? Change,
        DateTimeOffset SentAt
    );
}
