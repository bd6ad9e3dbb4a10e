using FlowChat.Operations;
using FlowChat.Storage;

namespace FlowChat.Messages.Changes;

/// <summary>Tells of changes whose job is dead, because it killed its workers or threw until it had no attempt left.</summary>
internal sealed class StrandedChanges(
    Database database,
    TenantWriter writer,
    TimeProvider clock,
    Alarms alarms,
    ILogger<StrandedChanges> logger
) : Duty(clock, alarms, logger)
{
    private const string FindDead = """
        select j.tenant_id, m.id, j.id
        from jobs j
        cross join lateral (
          select id from messages
          where tenant_id = j.tenant_id and id = j.lane::uuid and change ->> 'id' = j.id::text and change ->> 'state' = 'queued'
          limit 1
        ) m
        where j.queue = $1 and j.state = 'dead'
        limit 500
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [NowAndEvery(Interval, RunOnceAsync)];

    /// <returns>How many are told as failed now.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var dead = new List<(Guid TenantId, Guid MessageId, Guid ChangeId)>();
        await using (var command = database.Migrator.CreateCommand(FindDead))
        {
            command.Parameters.Add(SqlBatch.Value(ChangeMessageJob.Queue));
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                dead.Add((row.GetGuid(0), row.GetGuid(1), row.GetGuid(2)));
            }
        }
        foreach (var (tenantId, messageId, changeId) in dead)
        {
            await writer.WriteAsync(
                tenantId,
                new BuryChange(messageId, changeId),
                cancellationToken
            );
        }
        return dead.Count;
    }

    private sealed class BuryChange(Guid messageId, Guid changeId) : TenantChange<bool>
    {
        public override void Declare(WorkKeys keys) => keys.Messages.Add(messageId);

        public override bool Apply(Workspace work)
        {
            if (
                work.Messages.FindById(messageId)
                    is not { Change: { State: MessageChangeState.Queued } change } message
                || change.Id != changeId
            )
            {
                return false;
            }
            message.Change = change with
            {
                State = MessageChangeState.Failed,
                Error = new(SendError.GatewayError, "Every attempt broke off."),
            };
            work.MessageUpdated(message);
            return true;
        }
    }
}
