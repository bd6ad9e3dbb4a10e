using FlowChat.Conversations;
using FlowChat.Json;
using FlowChat.Messages;
using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Media;

/// <summary>Reads attachments: one, or those of a conversation.</summary>
internal sealed class AttachmentQuery(Database database)
{
    // An upload has no message yet.
    private const string FindOne = $"""
        select {AttachmentRow.Columns} from attachments a
        where a.id = $1
          and not exists (select from messages m where m.id = a.message_id and m.deleted_at is not null)
        """;

    private const string Gallery = $"""
        select m.attachments::text, m.id, m.sent_at, m.arrival
        from messages m
        where m.attachments is not null and m.deleted_at is null and m.conversation_id = {KnownConversation.Id}
          and m.attachments -> 0 ->> 'kind' = any($2)
          and ($3::timestamptz is null or (m.sent_at, m.arrival) < ($3, $4))
        order by m.sent_at desc, m.arrival desc
        limit $5
        """;

    private static readonly Dictionary<string, string[]> Kinds = new(StringComparer.Ordinal)
    {
        ["media"] = [MessageType.Image, MessageType.Video],
        ["document"] = [MessageType.Document, MessageType.Audio],
    };

    private static readonly string[] AllKinds =
    [
        .. Kinds["media"],
        .. Kinds["document"],
        MessageType.Voice,
        MessageType.Sticker,
    ];

    public static bool IsKind(string kind) => Kinds.ContainsKey(kind);

    /// <returns>Null = there is none, or its message was deleted.</returns>
    public async Task<AttachmentRow?> FindAsync(
        Guid tenantId,
        Guid id,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var found = await transaction.ReadAsync(
            FindOne,
            [Value(id)],
            AttachmentRow.Read,
            cancellationToken
        );
        return found.SingleOrDefault();
    }

    /// <returns>Newest first; null = there is no such conversation.</returns>
    public async Task<PageOf<SharedAttachment>?> ReadPageAsync(
        Guid tenantId,
        Guid conversationId,
        string? kind,
        Cursor? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var seq = await transaction.ReadSeqAsync(cancellationToken);
        var rows = await transaction.ReadAsync(
            Gallery,
            [
                Value(conversationId),
                Value(kind is null ? AllKinds : Kinds[kind]),
                Value(after?.At),
                Value(after?.Number),
                Value(limit + 1),
            ],
            row => (Shared: SharedAttachment.Read(row), Arrival: row.GetInt64(3)),
            cancellationToken
        );
        if (
            rows.Count == 0
            && !await KnownConversation.ExistsAsync(transaction, conversationId, cancellationToken)
        )
        {
            return null;
        }
        var page = rows.Take(limit).ToList();
        return new(
            page.ConvertAll(row => row.Shared),
            rows.Count > limit
                ? Cursor.Of(page[^1].Shared.SentAt, page[^1].Arrival).ToString()
                : null,
            seq
        );
    }
}
