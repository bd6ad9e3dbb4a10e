using FlowChat.Storage;
using Npgsql;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Messages;

/// <summary>The messages of a batch that answer what isn't here yet, by the gateway's id of that.</summary>
internal sealed class WaitingQuotes
{
    // An index takes no longer ones.
    private const int MostIdCharacters = 256;

    // Also those of the echoes that may be released in this batch.
    private const string LoadWaiting =
        "select "
        + MessageRow.Columns
        + """

            from (
              select * from unnest($1::uuid[], $2::text[]) as n (instance_id, wa_id)
              union
              select h.instance_id, h.wa_id
              from conversations c
              cross join lateral (select instance_id, wa_id from held_echoes where conversation_id = c.id offset 0) h
              where $5 and (c.contact_id = any($3) or c.group_id = any($4))
            ) k
            cross join lateral (
              select * from messages
              where instance_id = k.instance_id and quoted_wa_id = k.wa_id and quoted_wa_id is not null
              offset 0
            ) m
            cross join lateral (select contact_id, group_id from conversations where id = m.conversation_id limit 1) c
            where c.contact_id = any($3) or c.group_id = any($4)
            """;

    // Another node may have written what is quoted while this batch waited for its locks.
    private const string LoadQuoted =
        "select "
        + MessageRow.Columns
        + """

            from (
              select * from unnest($1::uuid[], $2::text[]) as n (instance_id, wa_id)
              union
              select h.instance_id, h.message #>> '{reply_to,wa_id}'
              from conversations c
              cross join lateral (select instance_id, message from held_echoes where conversation_id = c.id offset 0) h
              where $5 and (c.contact_id = any($3) or c.group_id = any($4))
            ) k
            cross join lateral (
              select * from messages where instance_id = k.instance_id and wa_id = k.wa_id limit 1
            ) m
            cross join lateral (select contact_id, group_id from conversations where id = m.conversation_id limit 1) c
            where c.contact_id = any($3) or c.group_id = any($4)
            """;

    private readonly Dictionary<WaKey, List<Message>> _byQuoted = [];

    /// <summary>The column by which others find it; null = it waits for nothing.</summary>
    public static string? IdOf(Message message) =>
        message.ReplyTo is { MessageId: null, WaId: { Length: <= MostIdCharacters } waId }
            ? waId
            : null;

    /// <summary>After the locks: of the conversations that are locked.</summary>
    public static void Load(
        SqlBatch batch,
        WorkKeys keys,
        Guid[] contacts,
        Guid[] groups,
        Action<NpgsqlDataReader> found
    )
    {
        if (keys.WaIds.Count > 0)
        {
            Read(LoadWaiting, keys.WaIds);
        }
        if (keys.Quoted.Count > 0 || keys.OpenSends)
        {
            Read(LoadQuoted, keys.Quoted);
        }

        void Read(string sql, HashSet<WaKey> named)
        {
            var waIds = named.ToList();
            batch.Read(
                sql,
                found,
                Column(waIds, key => key.InstanceId),
                Column(waIds, key => key.WaId),
                Value(contacts),
                Value(groups),
                Value(keys.OpenSends)
            );
        }
    }

    public void Add(Message message)
    {
        if (IdOf(message) is not { } quoted)
        {
            return;
        }
        var key = new WaKey(message.InstanceId, quoted);
        if (!_byQuoted.TryGetValue(key, out var waiting))
        {
            _byQuoted.Add(key, waiting = []);
        }
        if (!waiting.Contains(message))
        {
            waiting.Add(message);
        }
    }

    /// <summary>Those of its conversation; a quote of another thread says what it says.</summary>
    public IReadOnlyList<Message> Take(Message message)
    {
        if (
            message.WaId is not { } waId
            || !_byQuoted.TryGetValue(new(message.InstanceId, waId), out var waiting)
        )
        {
            return [];
        }
        var found = waiting.FindAll(quote => quote.ConversationId == message.ConversationId);
        waiting.RemoveAll(found.Contains);
        return found;
    }
}
