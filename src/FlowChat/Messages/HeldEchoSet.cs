using System.Text.Json;
using FlowChat.Conversations;
using FlowChat.Inbound;
using FlowChat.Json;
using FlowChat.Storage;
using Npgsql;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Messages;

/// <summary>Echoes that wait until the open sends of their conversation are settled.</summary>
internal sealed class HeldEchoSet
{
    private const string LoadEchoes =
        "select h.conversation_id, h.message, "
        + EarlyReceiptSet.Bucket
        + """
            , exists (select from messages m where m.instance_id = h.instance_id and m.wa_id = h.wa_id)
              or exists (select from earlier_ids e where e.instance_id = h.instance_id and e.wa_id = h.wa_id)
            from conversations c
            cross join lateral (select * from held_echoes where conversation_id = c.id offset 0) h
            where c.contact_id = any($1) or c.group_id = any($2)
            order by h.received_at
            """;

    private const string Insert = """
        insert into held_echoes (instance_id, wa_id, conversation_id, message)
        select instance_id, wa_id, conversation_id, message::jsonb
        from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[]) as n (instance_id, wa_id, conversation_id, message)
        on conflict do nothing
        """;

    private const string Delete = """
        delete from held_echoes where (instance_id, wa_id) in (select * from unnest($1::uuid[], $2::text[]))
        """;

    private readonly List<HeldEcho> _echoes = [];
    private readonly List<HeldEcho> _new = [];
    private readonly List<HeldEcho> _released = [];

    public void Load(SqlBatch batch, WorkKeys keys, ResolvedKeys resolved, EarlyReceiptSet receipts)
    {
        if (keys.OpenSends && resolved.Contacts.Count + resolved.Groups.Count > 0)
        {
            batch.Read(
                LoadEchoes,
                row => Loaded(row, receipts),
                Value(resolved.Contacts.ToArray()),
                Value(resolved.Groups.ToArray())
            );
        }
    }

    public IReadOnlyList<HeldEcho> Of(Conversation conversation) =>
        _echoes.FindAll(echo => echo.ConversationId == conversation.Id);

    public HeldEcho? Find(WaKey key) => _echoes.Find(echo => echo.Key == key);

    public void Hold(Conversation conversation, InboundMessage message)
    {
        var echo = new HeldEcho(conversation.Id, message);
        _echoes.Add(echo);
        _new.Add(echo);
    }

    public void Release(HeldEcho echo)
    {
        _echoes.Remove(echo);
        if (!_new.Remove(echo))
        {
            _released.Add(echo);
        }
    }

    public void Write(SqlBatch batch)
    {
        // An echo that is told once more in another way is released and held again.
        if (_released.Count > 0)
        {
            batch.Add(
                Delete,
                Column(_released, echo => echo.Message.InstanceId),
                Column(_released, echo => echo.Message.WaId)
            );
        }
        if (_new.Count > 0)
        {
            batch.Add(
                Insert,
                Column(_new, echo => echo.Message.InstanceId),
                Column(_new, echo => echo.Message.WaId),
                Column(_new, echo => echo.ConversationId),
                Column(_new, echo => JsonSerializer.Serialize(echo.Message, FlowChatJson.Options))
            );
        }
    }

    private void Loaded(NpgsqlDataReader row, EarlyReceiptSet receipts)
    {
        var message = JsonSerializer.Deserialize<InboundMessage>(
            row.GetString(1),
            FlowChatJson.Options
        )!;
        var echo = new HeldEcho(row.GetGuid(0), message);
        if (row.GetBoolean(3))
        {
            // A send of another conversation turned out to be it: the person was known under two addresses.
            _released.Add(echo);
            return;
        }
        if (!receipts.HasLocked(row.GetInt32(2)))
        {
            throw new LockMissedException();
        }
        _echoes.Add(echo);
    }
}

internal sealed record HeldEcho(Guid ConversationId, InboundMessage Message)
{
    public WaKey Key => Message.Key;
}
