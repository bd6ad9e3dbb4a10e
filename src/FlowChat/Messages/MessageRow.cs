using System.Text.Json;
using FlowChat.Json;
using FlowChat.Messages.Changes;
using FlowChat.Storage;
using Npgsql;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Messages;

/// <summary>A message's row, read and written in one place.</summary>
internal static class MessageRow
{
    public const string Columns = """
        m.id, m.conversation_id, m.instance_id, m.direction, m.type, m.text, m.status, m.error_code, m.error_text, m.wa_id,
        m.client_message_id, m.unknown_at, m.sender_kind, m.sender_contact_id, m.sender_user_id, m.sender_name, m.sent_at,
        m.arrival, m.version, m.content, m.reply_to, m.mentions, m.reactions, m.attachments, m.edits, m.edited_at, m.deleted_at,
        m.change, m.own_id
        """;

    public const int ColumnCount = 29;

    private const string InsertRows = """
        insert into messages (id, conversation_id, instance_id, direction, type, text, content, status, wa_id, client_message_id,
                              sender_kind, sender_contact_id, sender_user_id, sender_name, sent_at, arrival, version,
                              error_code, error_text, reply_to, mentions, reactions, attachments, edits, edited_at, deleted_at,
                              quoted_wa_id)
        select id, conversation_id, instance_id, direction, type, text, content::jsonb, status, wa_id, client_message_id,
               sender_kind, sender_contact_id, sender_user_id, sender_name, sent_at, arrival, version, error_code, error_text,
               reply_to::jsonb, mentions::jsonb, reactions::jsonb, attachments::jsonb, edits::jsonb, edited_at, deleted_at,
               quoted_wa_id
        from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                    $10::text[], $11::text[], $12::uuid[], $13::uuid[], $14::text[], $15::timestamptz[], $16::bigint[],
                    $17::bigint[], $18::text[], $19::text[], $20::text[], $21::text[], $22::text[], $23::text[], $24::text[],
                    $25::timestamptz[], $26::timestamptz[], $27::text[])
          as n (id, conversation_id, instance_id, direction, type, text, content, status, wa_id, client_message_id,
                sender_kind, sender_contact_id, sender_user_id, sender_name, sent_at, arrival, version, error_code, error_text,
                reply_to, mentions, reactions, attachments, edits, edited_at, deleted_at, quoted_wa_id)
        """;

    private const string UpdateRows = """
        update messages m
        set status = n.status, error_code = n.error_code, error_text = n.error_text, wa_id = n.wa_id,
            unknown_at = n.unknown_at, version = n.version, text = n.text, content = n.content::jsonb,
            reactions = n.reactions::jsonb, attachments = n.attachments::jsonb, edits = n.edits::jsonb,
            edited_at = n.edited_at, deleted_at = n.deleted_at, change = n.change::jsonb, type = n.type,
            reply_to = n.reply_to::jsonb, quoted_wa_id = n.quoted_wa_id, mentions = n.mentions::jsonb, sender_name = n.sender_name,
            own_id = n.own_id
        from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::bigint[], $8::text[],
                    $9::text[], $10::text[], $11::text[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::text[], $16::text[],
                    $17::text[], $18::text[], $19::text[], $20::text[], $21::text[])
          as n (id, status, error_code, error_text, wa_id, unknown_at, version, text, content, reactions, attachments, edits,
                edited_at, deleted_at, change, type, reply_to, quoted_wa_id, mentions, sender_name, own_id)
        where m.id = n.id
        """;

    public static Message Read(NpgsqlDataReader row) =>
        new()
        {
            Id = row.GetGuid(0),
            ConversationId = row.GetGuid(1),
            InstanceId = row.GetGuid(2),
            Direction = row.GetString(3),
            Type = row.GetString(4),
            Text = row.TextOrNull(5),
            Status = row.GetString(6),
            ErrorCode = row.TextOrNull(7),
            ErrorText = row.TextOrNull(8),
            WaId = row.TextOrNull(9),
            ClientMessageId = row.TextOrNull(10),
            UnknownAt = row.TimeOrNull(11),
            SenderKind = row.TextOrNull(12),
            SenderContactId = row.GuidOrNull(13),
            SenderUserId = row.GuidOrNull(14),
            SenderName = row.TextOrNull(15),
            SentAt = row.Time(16),
            Arrival = row.GetInt64(17),
            Version = row.GetInt64(18),
            Content = row.TextOrNull(19),
            ReplyTo = row.IsDBNull(20) ? null : Json<MessageQuote>(row.GetString(20)),
            Mentions = List<MessageMention>(row, 21),
            Reactions = List<MessageReaction>(row, 22),
            Attachments = List<AttachmentView>(row, 23),
            Edits = List<MessageEdit>(row, 24),
            EditedAt = row.TimeOrNull(25),
            DeletedAt = row.TimeOrNull(26),
            Change = ReadChange(row, 27),
            OwnId = row.TextOrNull(28),
        };

    public static void Insert(SqlBatch batch, IReadOnlyList<Message> rows) =>
        batch.Add(
            InsertRows,
            Column(rows, m => m.Id),
            Column(rows, m => m.ConversationId),
            Column(rows, m => m.InstanceId),
            Column(rows, m => m.Direction),
            Column(rows, m => m.Type),
            Column(rows, m => m.Text),
            Column(rows, m => m.Content),
            Column(rows, m => m.Status),
            Column(rows, m => m.WaId),
            Column(rows, m => m.ClientMessageId),
            Column(rows, m => m.SenderKind),
            Column(rows, m => m.SenderContactId),
            Column(rows, m => m.SenderUserId),
            Column(rows, m => m.SenderName),
            Column(rows, m => m.SentAt),
            Column(rows, m => m.Arrival),
            Column(rows, m => m.Version),
            Column(rows, m => m.ErrorCode),
            Column(rows, m => m.ErrorText),
            Column(rows, m => m.ReplyTo is null ? null : Json(m.ReplyTo)),
            Column(rows, m => List(m.Mentions)),
            Column(rows, m => List(m.Reactions)),
            Column(rows, m => List(m.Attachments)),
            Column(rows, m => List(m.Edits)),
            Column(rows, m => m.EditedAt),
            Column(rows, m => m.DeletedAt),
            Column(rows, WaitingQuotes.IdOf)
        );

    public static void Update(SqlBatch batch, IReadOnlyList<Message> rows) =>
        batch.Add(
            UpdateRows,
            Column(rows, m => m.Id),
            Column(rows, m => m.Status),
            Column(rows, m => m.ErrorCode),
            Column(rows, m => m.ErrorText),
            Column(rows, m => m.WaId),
            Column(rows, m => m.UnknownAt),
            Column(rows, m => m.Version),
            Column(rows, m => m.Text),
            Column(rows, m => m.Content),
            Column(rows, m => List(m.Reactions)),
            Column(rows, m => List(m.Attachments)),
            Column(rows, m => List(m.Edits)),
            Column(rows, m => m.EditedAt),
            Column(rows, m => m.DeletedAt),
            Column(rows, m => m.Change is null ? null : Json(m.Change)),
            Column(rows, m => m.Type),
            Column(rows, m => m.ReplyTo is null ? null : Json(m.ReplyTo)),
            Column(rows, WaitingQuotes.IdOf),
            Column(rows, m => List(m.Mentions)),
            Column(rows, m => m.SenderName),
            Column(rows, m => m.OwnId)
        );

    public static MessageChange? ReadChange(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : Json<MessageChange>(row.GetString(column));

    // Most messages have none of these: null costs a row nothing.
    private static string? List<T>(IReadOnlyList<T> parts) => parts.Count == 0 ? null : Json(parts);

    private static List<T> List<T>(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? [] : Json<List<T>>(row.GetString(column));

    private static string Json<T>(T part) => JsonSerializer.Serialize(part, FlowChatJson.Options);

    private static T Json<T>(string part) =>
        JsonSerializer.Deserialize<T>(part, FlowChatJson.Options)!;
}
