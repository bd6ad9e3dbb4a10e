using FlowChat.Operations;
using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>
/// A send that killed its workers until it had no attempt left is dead without its handler having said so: here its message learns it.
/// </summary>
internal sealed class BuriedSends(
    Database database,
    TenantWriter writer,
    TimeProvider clock,
    Alarms alarms,
    ILogger<BuriedSends> logger
) : Duty(clock, alarms, logger)
{
    private const string FindDead = """
        select tenant_id, id, dead_at from jobs
        where queue = $1 and state = 'dead' and dead_at > $2
        order by dead_at
        limit 500
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    // Deaths become visible with their commits, a little after their times.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    // What died longer ago was seen by an earlier start.
    private DateTimeOffset _seenUntil = clock.GetUtcNow() - SendMessageJob.Patience;

    /// <returns>How many messages were changed.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var changed = 0;
        var from = _seenUntil - Overlap;
        while (true)
        {
            var dead = await FindAsync(from, cancellationToken);
            foreach (var (tenantId, messageId, _) in dead)
            {
                var answer = await writer.WriteAsync(
                    tenantId,
                    new BurySend(messageId),
                    cancellationToken
                );
                changed += answer ? 1 : 0;
            }
            if (dead.Count == 0)
            {
                return changed;
            }
            from = dead[^1].At;
            _seenUntil = from > _seenUntil ? from : _seenUntil;
        }
    }

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops => [KeepLookingAsync];

    private async Task KeepLookingAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, Clock);
        do
        {
            await RunOnceAsync(cancellationToken);
        } while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task<List<(Guid TenantId, Guid MessageId, DateTimeOffset At)>> FindAsync(
        DateTimeOffset from,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.System.CreateCommand(FindDead);
        command.Parameters.Add(SqlBatch.Value(SendMessageJob.Queue));
        command.Parameters.Add(SqlBatch.Value(from));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var dead = new List<(Guid, Guid, DateTimeOffset)>();
        while (await row.ReadAsync(cancellationToken))
        {
            dead.Add((row.GetGuid(0), row.GetGuid(1), row.Time(2)));
        }
        return dead;
    }
}

/// <summary>The message of a dead job. False = its handler had already said what became of it.</summary>
internal sealed class BurySend(Guid messageId) : TenantChange<bool>
{
    public override void Declare(WorkKeys keys)
    {
        keys.Messages.Add(messageId);
        keys.OpenSends = true;
    }

    public override bool Apply(Workspace work)
    {
        if (
            work.Messages.FindById(messageId)
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
