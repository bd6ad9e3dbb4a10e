using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Instances;

/// <summary>The instances that a batch changes.</summary>
internal sealed class InstanceSet
{
    private const string LockInstances =
        "select "
        + InstanceRow.Columns
        + " from instances i where i.id = any($1) order by i.id for no key update";

    // Until the commit nobody else sees the row that is added.
    private const string LockPlace =
        "select pg_advisory_xact_lock(hashtextextended(current_setting('flowchat.tenant') || ' ' || $1 || ' ' || $2, 0))::text";

    private const string FindPlace = """
        select 1 from instances where rtrim(base_url, '/') = $1 and instance_name = $2 and deleted_at is null
        """;

    private const string Insert = """
        insert into instances (id, name, gateway, base_url, instance_name, api_key_encrypted, webhook_secret_hashes, state,
                               state_reason, owner_jid, webhook_url, created_at, state_at, opened_at,
                               phone_number_id, business_account_id, app_secret_encrypted, sends_per_second,
                               webhook_secret_sealed, webhook_tried_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
        """;

    private const string Update = """
        update instances
        set name = $2, base_url = $3, instance_name = $4, api_key_encrypted = $5, webhook_secret_hashes = $6, state = $7,
            state_reason = $8, owner_jid = $9, qr = $10::jsonb, qr_at = $11, version = $12, deleted_at = $13,
            secret_rotated_at = $14, webhook_url = $15, webhook_set_at = $16,
            state_at = $17, opened_at = $18, alarm = $19, alarm_at = $20, filled_at = $21,
            phone_number_id = $22, business_account_id = $23, app_secret_encrypted = $24, sends_per_second = $25,
            webhook_secret_sealed = $26, webhook_tried_at = $27, fill_claimed_at = $28, silent_at = $29,
            gateway_version = $30, heeds_ids = $31, searched_at = $32, search_claimed_at = $33, qr_told_at = $34
        where id = $1
        """;

    // With every send of a number that has a rate: nothing else of it changes.
    private const string UpdatePace = "update instances set paced_until = $2 where id = $1";

    private readonly Dictionary<Guid, Instance> _byId = [];
    private readonly HashSet<GatewayPlace> _taken = [];
    private readonly List<Instance> _new = [];
    private readonly HashSet<Instance> _changed = [];
    private readonly HashSet<Instance> _paced = [];

    public Instance? Find(Guid id) => _byId.GetValueOrDefault(id);

    public void Lock(SqlBatch batch, WorkKeys keys)
    {
        foreach (var place in keys.GatewayPlaces)
        {
            var (url, name) = place;
            batch.Read(LockPlace, _ => { }, Value(url), Value(name));
            batch.Read(FindPlace, _ => _taken.Add(place), Value(url), Value(name));
        }
        if (keys.Instances.Count > 0)
        {
            batch.Read(
                LockInstances,
                row => _byId.Add(row.GetGuid(0), InstanceRow.Read(row)),
                Value(keys.Instances.ToArray())
            );
        }
    }

    /// <returns>False = a number has it.</returns>
    public bool Take(GatewayPlace place) => _taken.Add(place);

    public void Add(Instance instance)
    {
        _byId.Add(instance.Id, instance);
        _new.Add(instance);
    }

    public void Touch(Instance instance)
    {
        if (!_new.Contains(instance))
        {
            _changed.Add(instance);
        }
    }

    public void Pace(Instance instance, DateTimeOffset until)
    {
        instance.PacedUntil = until;
        _paced.Add(instance);
    }

    // Instances change rarely: a statement for each.
    public void Write(SqlBatch batch)
    {
        foreach (var i in _new)
        {
            batch.Add(
                Insert,
                Value(i.Id),
                Value(i.Name),
                Value(i.Gateway),
                Value(i.BaseUrl),
                Value(i.InstanceName),
                Value(i.ApiKeyEncrypted),
                Value(i.WebhookSecretHashes),
                Value(i.State),
                Value(i.StateReason),
                Value(i.OwnerJid),
                Value(i.WebhookUrl),
                Value(i.CreatedAt),
                Value(i.CreatedAt),
                Value(i.State == InstanceState.Open ? i.CreatedAt : (DateTimeOffset?)null),
                Value(i.PhoneNumberId),
                Value(i.BusinessAccountId),
                Value(i.AppSecretEncrypted),
                Value(i.SendsPerSecond),
                Value(i.WebhookSecretSealed),
                Value(i.WebhookTriedAt)
            );
        }
        foreach (var i in _changed)
        {
            batch.Add(
                Update,
                Value(i.Id),
                Value(i.Name),
                Value(i.BaseUrl),
                Value(i.InstanceName),
                Value(i.ApiKeyEncrypted),
                Value(i.WebhookSecretHashes),
                Value(i.State),
                Value(i.StateReason),
                Value(i.OwnerJid),
                Value(i.Qr),
                Value(i.QrAt),
                Value(i.Version),
                Value(i.DeletedAt),
                Value(i.SecretRotatedAt),
                Value(i.WebhookUrl),
                Value(i.WebhookSetAt),
                Value(i.StateAt),
                Value(i.OpenedAt),
                Value(i.Alarm),
                Value(i.AlarmAt),
                Value(i.FilledAt),
                Value(i.PhoneNumberId),
                Value(i.BusinessAccountId),
                Value(i.AppSecretEncrypted),
                Value(i.SendsPerSecond),
                Value(i.WebhookSecretSealed),
                Value(i.WebhookTriedAt),
                Value(i.FillClaimedAt),
                Value(i.SilentAt),
                Value(i.GatewayVersion),
                Value(i.HeedsIds),
                Value(i.SearchedAt),
                Value(i.SearchClaimedAt),
                Value(i.QrToldAt)
            );
        }
        foreach (var i in _paced)
        {
            batch.Add(UpdatePace, Value(i.Id), Value(i.PacedUntil));
        }
    }
}
