using FlowChat.Operations;
using FlowChat.Storage;

namespace FlowChat.Groups;

/// <summary>Has groups that are written in asked for again: no event tells that one was renamed.</summary>
internal sealed class GroupRefresh(
    Database database,
    TenantWriter writer,
    TimeProvider clock,
    Alarms alarms,
    ILogger<GroupRefresh> logger
) : Duty(clock, alarms, logger)
{
    // Few at a time: a gateway limits how often it is asked.
    private const string FindOld = """
        select c.tenant_id, c.id
        from groups g
        join conversations c on c.tenant_id = g.tenant_id and c.group_id = g.id
        join instances i on i.tenant_id = c.tenant_id and i.id = c.instance_id and i.state = 'open' and i.deleted_at is null
        where g.fetched_at is not null and g.asked_at < $1 - interval '6 hours'
          and c.last_activity_at > $1 - interval '7 days'
        order by g.asked_at
        limit 100
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [Every(Interval, RunOnceAsync)];

    /// <returns>How many are asked for.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var old = new List<(Guid TenantId, Guid ConversationId)>();
        await using (var command = database.Migrator.CreateCommand(FindOld))
        {
            command.Parameters.Add(SqlBatch.Value(Clock.GetUtcNow()));
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                old.Add((row.GetGuid(0), row.GetGuid(1)));
            }
        }
        foreach (var (tenantId, conversationId) in old)
        {
            await writer.WriteAsync(tenantId, new AskForGroup(conversationId), cancellationToken);
        }
        return old.Count;
    }

    private sealed class AskForGroup(Guid conversationId) : TenantChange<bool>
    {
        public override void Declare(WorkKeys keys) => keys.Conversations.Add(conversationId);

        public override bool Apply(Workspace work)
        {
            if (work.Conversations.Find(conversationId) is not { Group: not null } conversation)
            {
                return false;
            }
            work.Enqueue(GroupInfoJob.Of(work.TenantId, conversation, work.Now));
            return true;
        }
    }
}
