using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Messages;

/// <summary>The gateway's ids that messages had before they were sent again: what still comes of one is told already.</summary>
internal sealed class EarlierIds
{
    private const string LoadNamed = """
        select k.instance_id, k.wa_id
        from unnest($1::uuid[], $2::text[]) as k (instance_id, wa_id)
        cross join lateral (
          select from earlier_ids where instance_id = k.instance_id and wa_id = k.wa_id limit 1
        ) e
        """;

    private const string Insert = """
        insert into earlier_ids (instance_id, wa_id, message_id)
        select * from unnest($1::uuid[], $2::text[], $3::uuid[])
        on conflict do nothing
        """;

    private readonly HashSet<WaKey> _known = [];
    private readonly Dictionary<WaKey, Message> _new = [];

    public bool Contains(WaKey key) => _known.Contains(key);

    /// <summary>After the locks: another node may have sent the message again while this batch waited for them.</summary>
    public void Load(SqlBatch batch, WorkKeys keys)
    {
        // Only what is from me can have been sent from here.
        if (keys.Receipts.Count > 0)
        {
            var waIds = keys.WaIds.ToList();
            batch.Read(
                LoadNamed,
                row => _known.Add(new(row.GetGuid(0), row.GetString(1))),
                Column(waIds, key => key.InstanceId),
                Column(waIds, key => key.WaId)
            );
        }
    }

    public void Add(WaKey key, Message message)
    {
        _known.Add(key);
        _new[key] = message;
    }

    public void Write(SqlBatch batch)
    {
        if (_new.Count > 0)
        {
            var ids = _new.ToList();
            batch.Add(
                Insert,
                Column(ids, id => id.Key.InstanceId),
                Column(ids, id => id.Key.WaId),
                Column(ids, id => id.Value.Id)
            );
        }
    }
}
