using FlowChat.Conversations;
using FlowChat.Storage;
using Npgsql;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Messages;

/// <summary>The messages of a batch: those named, the last of each conversation and its open sends.</summary>
internal sealed class MessageSet
{
    private const string Find = """
        select m.id, c.contact_id, c.group_id
        from messages m
        join conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
        where
        """;

    private const string ById = Find + " m.id = any($1)";
    private const string ByClientId = Find + " m.client_message_id = any($1)";

    // One look into the index for each key: while the tables have no statistics yet, a join reads all of the tenant's rows.
    private const string ByWaId = """
        select m.id, c.contact_id, c.group_id
        from unnest($1::uuid[], $2::text[]) as k (instance_id, wa_id)
        cross join lateral (
          select id, conversation_id from messages where instance_id = k.instance_id and wa_id = k.wa_id limit 1
        ) m
        cross join lateral (select contact_id, group_id from conversations where id = m.conversation_id limit 1) c
        """;

    private const string ByGroupLine = """
        select m.id, null::uuid, g.id
        from unnest($1::text[], $2::text[]) as k (jid, wa_id)
        cross join lateral (select id from groups where jid = k.jid limit 1) g
        cross join lateral (select instance_id from conversations where group_id = g.id offset 0) c
        cross join lateral (
          select id from messages where instance_id = c.instance_id and wa_id = k.wa_id limit 1
        ) m
        """;

    private const string LoadNamed =
        "select " + MessageRow.Columns + " from messages m where m.id = any($1)";

    private const string LoadLast =
        "select "
        + MessageRow.Columns
        + """

            from conversations c
            cross join lateral (select * from messages where id = c.last_message_id limit 1) m
            where c.contact_id = any($1) or c.group_id = any($2)
            """;

    private const string LoadOpenSends =
        "select "
        + MessageRow.Columns
        + """

            from conversations c
            cross join lateral (
              select * from messages where conversation_id = c.id and status in ('sending', 'unknown') offset 0
            ) m
            where c.contact_id = any($1) or c.group_id = any($2)
            """;

    private readonly Dictionary<Guid, Message> _byId = [];
    private readonly WaitingQuotes _quotes = new();
    private readonly EarlierIds _earlierIds = new();
    private readonly Dictionary<WaKey, Message> _byWaId = [];
    private readonly Dictionary<string, Message> _byClientId = new(StringComparer.Ordinal);
    private readonly List<Message> _new = [];
    private readonly HashSet<Message> _changed = [];

    public Message Get(Guid id) => _byId[id];

    public Message? FindById(Guid id) => _byId.GetValueOrDefault(id);

    public Message? FindByWaId(WaKey key) => _byWaId.GetValueOrDefault(key);

    /// <summary>Whether a message had that id before it was sent again.</summary>
    public bool IsEarlierId(WaKey key) => _earlierIds.Contains(key);

    public Message? FindByClientId(string clientMessageId) =>
        _byClientId.GetValueOrDefault(clientMessageId);

    /// <summary>It has turned out what the message answers: that may be later in this batch.</summary>
    public void AwaitQuoted(Message message) => _quotes.Add(message);

    /// <summary>Those of its conversation that answer this message, and came before it.</summary>
    public IReadOnlyList<Message> TakeQuotes(Message message) => _quotes.Take(message);

    public IEnumerable<Message> OpenSends(Conversation conversation) =>
        _byId.Values.Where(message =>
            message.ConversationId == conversation.Id && message.IsOpenSend
        );

    public static void Resolve(SqlBatch batch, WorkKeys keys, ResolvedKeys resolved)
    {
        void Found(NpgsqlDataReader row)
        {
            resolved.Messages.Add(row.GetGuid(0));
            ConversationSet.AddOwner(row.GuidOrNull(1), row.GuidOrNull(2), resolved);
        }

        if (keys.Messages.Count > 0)
        {
            batch.Read(ById, Found, Value(keys.Messages.ToArray()));
        }
        if (keys.ClientMessageIds.Count > 0)
        {
            batch.Read(ByClientId, Found, Value(keys.ClientMessageIds.ToArray()));
        }
        if (keys.WaIds.Count > 0)
        {
            var waIds = keys.WaIds.ToList();
            batch.Read(
                ByWaId,
                Found,
                Column(waIds, key => key.InstanceId),
                Column(waIds, key => key.WaId)
            );
        }
        if (keys.GroupLines.Count > 0)
        {
            var lines = keys.GroupLines.ToList();
            batch.Read(
                ByGroupLine,
                Found,
                Column(lines, line => line.Jid),
                Column(lines, line => line.WaId)
            );
        }
    }

    public void Load(SqlBatch batch, WorkKeys keys, ResolvedKeys resolved)
    {
        void Found(NpgsqlDataReader row) => Index(MessageRow.Read(row));

        _earlierIds.Load(batch, keys);
        if (resolved.Messages.Count > 0)
        {
            batch.Read(LoadNamed, Found, Value(resolved.Messages.ToArray()));
        }
        if (resolved.Contacts.Count + resolved.Groups.Count == 0)
        {
            return;
        }
        var contacts = resolved.Contacts.ToArray();
        var groups = resolved.Groups.ToArray();
        batch.Read(LoadLast, Found, Value(contacts), Value(groups));
        WaitingQuotes.Load(batch, keys, contacts, groups, Found);
        if (keys.OpenSends)
        {
            batch.Read(LoadOpenSends, Found, Value(contacts), Value(groups));
        }
    }

    public void Add(Message message)
    {
        Index(message);
        _new.Add(message);
    }

    /// <summary>The id of its newest attempt; the one before it stays known as its own.</summary>
    public void GiveWaId(Message message, string? waId)
    {
        if (message.WaId is { } earlier && earlier != waId)
        {
            var key = new WaKey(message.InstanceId, earlier);
            _byWaId.Remove(key);
            _earlierIds.Add(key, message);
        }
        message.WaId = waId;
    }

    public void Touch(Message message)
    {
        if (message.WaId is { } waId)
        {
            _byWaId[new(message.InstanceId, waId)] = message;
        }
        if (!message.IsNew)
        {
            _changed.Add(message);
        }
    }

    public void Write(SqlBatch batch)
    {
        if (_new.Count > 0)
        {
            MessageRow.Insert(batch, _new);
        }
        if (_changed.Count > 0)
        {
            MessageRow.Update(batch, [.. _changed]);
        }
        _earlierIds.Write(batch);
        RawMessages.Write(batch, _new.Concat(_changed));
        NamedContacts.Write(batch, _new.Concat(_changed));
    }

    private void Index(Message message)
    {
        if (!_byId.TryAdd(message.Id, message))
        {
            return;
        }
        if (message.WaId is { } waId)
        {
            _byWaId.Add(new(message.InstanceId, waId), message);
        }
        if (message.ClientMessageId is { } clientId)
        {
            _byClientId.Add(clientId, message);
        }
        _quotes.Add(message);
    }
}
