using System.Text.Json;
using FlowChat.Inbound;
using FlowChat.Json;
using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Messages;

/// <summary>Changes that came before their messages, by the gateway's message id.</summary>
internal sealed class EarlyChangeSet
{
    // Also those of the echoes that may be released in this batch.
    private const string LoadChanges = """
        select e.id, e.change
        from (
          select * from unnest($1::uuid[], $2::text[]) as n (instance_id, wa_id)
          union
          select h.instance_id, h.wa_id
          from conversations c
          cross join lateral (select instance_id, wa_id from held_echoes where conversation_id = c.id offset 0) h
          where c.contact_id = any($3) or c.group_id = any($4)
        ) k
        cross join lateral (
          select id, change, received_at from early_changes where instance_id = k.instance_id and wa_id = k.wa_id offset 0
        ) e
        order by e.received_at
        """;

    private const string Insert = """
        insert into early_changes (id, instance_id, wa_id, change)
        select id, instance_id, wa_id, change::jsonb
        from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) as n (id, instance_id, wa_id, change)
        on conflict do nothing
        """;

    private const string Delete = "delete from early_changes where id = any($1)";

    private readonly List<EarlyChange> _waiting = [];
    private readonly List<EarlyChange> _new = [];
    private readonly List<Guid> _taken = [];

    public void Load(SqlBatch batch, WorkKeys keys, ResolvedKeys resolved)
    {
        if (keys.WaIds.Count == 0)
        {
            return;
        }
        var waIds = keys.WaIds.ToList();
        batch.Read(
            LoadChanges,
            row =>
                _waiting.Add(
                    new(
                        row.GetGuid(0),
                        JsonSerializer.Deserialize<InboundChange>(
                            row.GetString(1),
                            FlowChatJson.Options
                        )!
                    )
                ),
            Column(waIds, key => key.InstanceId),
            Column(waIds, key => key.WaId),
            Value(keys.OpenSends ? resolved.Contacts.ToArray() : []),
            Value(keys.OpenSends ? resolved.Groups.ToArray() : [])
        );
    }

    /// <returns>False = it waits already.</returns>
    public bool Keep(InboundChange change)
    {
        var early = new EarlyChange(Guid.CreateVersion7(), change);
        if (_waiting.Exists(known => known.Change.SaysTheSameAs(change)))
        {
            return false;
        }
        _waiting.Add(early);
        _new.Add(early);
        return true;
    }

    /// <summary>Whether something that waits for a message, or tells what became of it, is so.</summary>
    public bool Any(WaKey key, Predicate<InboundChange> isSo) =>
        _waiting.Exists(early => early.Change.Key == key && isSo(early.Change));

    /// <summary>The message told of a change, which has been read.</summary>
    public bool HasTelling(WaKey key) => Any(key, change => change.IsTelling);

    /// <summary>The message is there: they apply to it now.</summary>
    public IReadOnlyList<InboundChange> Take(WaKey key, Predicate<InboundChange> applies)
    {
        var found = _waiting.FindAll(early => early.Change.Key == key && applies(early.Change));
        foreach (var early in found)
        {
            _waiting.Remove(early);
            if (!_new.Remove(early))
            {
                _taken.Add(early.Id);
            }
        }
        return found.ConvertAll(early => early.Change);
    }

    public void Write(SqlBatch batch)
    {
        if (_new.Count > 0)
        {
            batch.Add(
                Insert,
                Column(_new, early => early.Id),
                Column(_new, early => early.Change.InstanceId),
                Column(_new, early => early.Change.WaId),
                Column(_new, early => JsonSerializer.Serialize(early.Change, FlowChatJson.Options))
            );
        }
        if (_taken.Count > 0)
        {
            batch.Add(Delete, Value(_taken.ToArray()));
        }
    }

    private sealed record EarlyChange(Guid Id, InboundChange Change);
}
