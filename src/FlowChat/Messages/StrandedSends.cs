using FlowChat.Operations;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Messages;

/// <summary>
/// Looks after what no worker comes back to: the message of a send that killed its workers until it had no attempt left,
/// and the echoes that were held for a send that stays unknown.
/// </summary>
internal sealed class StrandedSends(
    Database database,
    TenantWriter writer,
    TimeProvider clock,
    Alarms alarms,
    ILogger<StrandedSends> logger
) : Duty(clock, alarms, logger)
{
    private const int Slice = 500;

    private const string FindDead = """
        select j.tenant_id, j.id
        from jobs j
        cross join lateral (select status from messages where tenant_id = j.tenant_id and id = j.id limit 1) m
        where j.queue = $1 and j.state = 'dead' and j.dead_at > $2 and m.status in ('queued', 'sending')
        limit $3
        """;

    private const string FindHeld = """
        select distinct h.tenant_id, h.conversation_id
        from held_echoes h
        where not exists (
          select from messages m
          where m.conversation_id = h.conversation_id
            and (
              m.status = 'sending'
              or (m.status = 'unknown' and m.unknown_at > $1)
              or (
                m.status = 'unknown' and m.own_id is distinct from 'given' and h.message ->> 'may_be_echo' = 'true'
                and m.type = h.message ->> 'type' and m.text is not distinct from h.message ->> 'text'
                and (h.message ->> 'sent_at')::timestamptz
                    between m.sent_at - interval '10 s' and m.unknown_at + interval '5 min'
              )
            )
        )
        limit $2
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    // Deaths become visible with their commits, a little after their times.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    // What died longer ago was seen by an earlier start.
    private DateTimeOffset _seenUntil = clock.GetUtcNow() - SendMessageJob.Patience;

    /// <returns>How many messages of dead jobs were changed.</returns>
    public async Task<int> BuryAsync(CancellationToken cancellationToken)
    {
        var until = Clock.GetUtcNow();
        var from = _seenUntil - Overlap;
        var buried = await DrainAsync(
            FindDead,
            [SqlBatch.Value(SendMessageJob.Queue), SqlBatch.Value(from.ToUniversalTime())],
            messageId => new BurySend(messageId),
            cancellationToken
        );
        _seenUntil = until;
        return buried;
    }

    /// <returns>In how many conversations echoes were released.</returns>
    public Task<int> ReleaseAsync(CancellationToken cancellationToken) =>
        DrainAsync(
            FindHeld,
            [SqlBatch.Value(Clock.GetUtcNow() - OpenSends.UnknownHold)],
            conversationId => new ReleaseEchoes(conversationId),
            cancellationToken
        );

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [NowAndEvery(Interval, BuryAsync), NowAndEvery(Interval, ReleaseAsync)];

    private async Task<int> DrainAsync(
        string find,
        NpgsqlParameter[] parameters,
        Func<Guid, TenantChange<bool>> change,
        CancellationToken cancellationToken
    )
    {
        var total = 0;
        while (true)
        {
            var found = await FindAsync(find, parameters, cancellationToken);
            // All are queued before the first is awaited: a tenant's share its commits.
            var answers = await Task.WhenAll(
                found.Select(one =>
                    writer.WriteAsync(one.TenantId, change(one.Id), cancellationToken)
                )
            );
            var changed = answers.Count(answer => answer);
            total += changed;
            if (found.Count < Slice || changed == 0)
            {
                return total;
            }
        }
    }

    private async Task<List<(Guid TenantId, Guid Id)>> FindAsync(
        string sql,
        NpgsqlParameter[] parameters,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.Migrator.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter.Clone());
        }
        command.Parameters.Add(SqlBatch.Value(Slice));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(Guid, Guid)>();
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add((row.GetGuid(0), row.GetGuid(1)));
        }
        return found;
    }
}

/// <summary>The message of a dead job. False = its handler had already said what became of it, or it was sent again meanwhile.</summary>
internal sealed class BurySend(Guid messageId) : TenantChange<bool>
{
    public override void Declare(WorkKeys keys)
    {
        keys.Messages.Add(messageId);
        keys.DeadJobs.Add(messageId);
        keys.OpenSends = true;
    }

    public override bool Apply(Workspace work)
    {
        if (
            !work.DeadJobs.Contains(messageId)
            || work.Messages.FindById(messageId)
                is not { Status: MessageStatus.Queued or MessageStatus.Sending } message
        )
        {
            return false;
        }
        if (message.Status == MessageStatus.Sending)
        {
            message.Status = MessageStatus.Unknown;
            message.UnknownAt = work.Now;
        }
        else
        {
            message.Status = MessageStatus.Failed;
            message.ErrorCode = SendError.GatewayError;
        }
        work.MessageUpdated(message);
        OpenSends.Match(work, work.Conversations.Get(message.ConversationId));
        return true;
    }
}

/// <summary>The echoes of a conversation that no send holds any longer. False = there were none.</summary>
internal sealed class ReleaseEchoes(Guid conversationId) : TenantChange<bool>
{
    public override void Declare(WorkKeys keys)
    {
        keys.Conversations.Add(conversationId);
        keys.OpenSends = true;
    }

    public override bool Apply(Workspace work)
    {
        var conversation = work.Conversations.Get(conversationId);
        var held = work.HeldEchoes.Of(conversation).Count;
        OpenSends.Match(work, conversation);
        return work.HeldEchoes.Of(conversation).Count < held;
    }
}
