using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Messages;

/// <summary>What gateways sent of messages whose kind can't be shown: whole, and apart from what is read with every thread.</summary>
internal sealed class RawMessages(Database database)
{
    private const string Insert =
        "insert into raw_messages (message_id, body) select * from unnest($1::uuid[], $2::text[])";

    private const string Delete = "delete from raw_messages where message_id = any($1)";

    // Of a deleted message nothing is told but that it was there.
    private const string Find = """
        select r.body
        from raw_messages r
        join messages m on m.tenant_id = r.tenant_id and m.id = r.message_id
        where r.message_id = $1 and m.deleted_at is null
        """;

    public static void Write(SqlBatch batch, IEnumerable<Message> messages)
    {
        var all = messages.ToList();
        var revealed = all.Where(message => message is { IsRevealed: true, IsNew: false }).ToList();
        if (revealed.Count > 0)
        {
            batch.Add(Delete, Column(revealed, m => m.Id));
        }
        var kept = all.Where(message => message.Raw is not null).ToList();
        if (kept.Count > 0)
        {
            batch.Add(Insert, Column(kept, m => m.Id), Column(kept, m => m.Raw));
        }
    }

    /// <returns>JSON; null = there is no such message, all of it is shown, or it was deleted.</returns>
    public async Task<string?> FindAsync(
        Guid tenantId,
        Guid messageId,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var found = await transaction.ReadAsync(
            Find,
            [Value(messageId)],
            row => row.GetString(0),
            cancellationToken
        );
        return found.SingleOrDefault();
    }
}
