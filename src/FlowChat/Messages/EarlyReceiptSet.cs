using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Messages;

/// <summary>Receipts that came before their messages, by the gateway's message id.</summary>
internal sealed class EarlyReceiptSet
{
    // Two nodes may write a receipt and its message at once: each would miss what the other hasn't committed.
    // In buckets: a lock for each id could fill the server's lock table.
    public const string Bucket = "hashtext(h.instance_id || h.wa_id) & 31";

    // Also those of the echoes that are held: whoever settles a send may release them.
    private const string LockIds =
        "select k.bucket, pg_advisory_xact_lock(hashtext(current_tenant()::text), k.bucket) from (select distinct "
        + Bucket
        + """
             as bucket
              from (
                select * from unnest($1::uuid[], $2::text[]) as n (instance_id, wa_id)
                union all
                select instance_id, wa_id from held_echoes where $3
              ) h
              order by 1
            ) k
            """;

    // Also those of the echoes that may be released in this batch.
    private const string LoadReceipts = """
        select instance_id, wa_id, status, error_text, error_code from early_receipts
        where (instance_id, wa_id) in (
          select * from unnest($1::uuid[], $2::text[])
          union all
          select h.instance_id, h.wa_id
          from conversations c
          cross join lateral (select instance_id, wa_id from held_echoes where conversation_id = c.id offset 0) h
          where c.contact_id = any($3) or c.group_id = any($4)
        )
        """;

    private const string Upsert = """
        insert into early_receipts (instance_id, wa_id, status, error_text, error_code)
        select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
        on conflict (tenant_id, instance_id, wa_id) do update
        set status = excluded.status, error_text = excluded.error_text, error_code = excluded.error_code
        """;

    private const string Delete = """
        delete from early_receipts where (instance_id, wa_id) in (select * from unnest($1::uuid[], $2::text[]))
        """;

    private readonly Dictionary<WaKey, EarlyReceipt> _receipts = [];
    private readonly HashSet<WaKey> _kept = [];
    private readonly HashSet<WaKey> _taken = [];
    private readonly HashSet<int> _locked = [];

    public void Lock(SqlBatch batch, WorkKeys keys)
    {
        if (keys.OpenSends || keys.Receipts.Count > 0)
        {
            var waIds = keys.Receipts.ToList();
            batch.Read(
                LockIds,
                row => _locked.Add(row.GetInt32(0)),
                Column(waIds, key => key.InstanceId),
                Column(waIds, key => key.WaId),
                Value(keys.OpenSends)
            );
        }
    }

    public bool HasLocked(int bucket) => _locked.Contains(bucket);

    public void Load(SqlBatch batch, WorkKeys keys, ResolvedKeys resolved)
    {
        if (keys.OpenSends || keys.Receipts.Count > 0)
        {
            var waIds = keys.Receipts.ToList();
            batch.Read(
                LoadReceipts,
                row =>
                    _receipts[new(row.GetGuid(0), row.GetString(1))] = new(
                        row.GetString(2),
                        row.TextOrNull(3),
                        row.TextOrNull(4)
                    ),
                Column(waIds, key => key.InstanceId),
                Column(waIds, key => key.WaId),
                Value(resolved.Contacts.ToArray()),
                Value(resolved.Groups.ToArray())
            );
        }
    }

    public void Keep(WaKey key, EarlyReceipt receipt)
    {
        if (
            _receipts.TryGetValue(key, out var earlier)
            && MessageStatus.Later(earlier.Status, receipt.Status) == earlier.Status
        )
        {
            return;
        }
        _receipts[key] = receipt;
        _kept.Add(key);
        _taken.Remove(key);
    }

    public EarlyReceipt? Take(WaKey key)
    {
        if (!_receipts.Remove(key, out var receipt))
        {
            return null;
        }
        _kept.Remove(key);
        _taken.Add(key);
        return receipt;
    }

    public void Write(SqlBatch batch)
    {
        if (_kept.Count > 0)
        {
            var kept = _kept.ToList();
            batch.Add(
                Upsert,
                Column(kept, key => key.InstanceId),
                Column(kept, key => key.WaId),
                Column(kept, key => _receipts[key].Status),
                Column(kept, key => _receipts[key].ErrorText),
                Column(kept, key => _receipts[key].ErrorCode)
            );
        }
        if (_taken.Count > 0)
        {
            var taken = _taken.ToList();
            batch.Add(Delete, Column(taken, key => key.InstanceId), Column(taken, key => key.WaId));
        }
    }
}

internal sealed record EarlyReceipt(string Status, string? ErrorText, string? ErrorCode);
