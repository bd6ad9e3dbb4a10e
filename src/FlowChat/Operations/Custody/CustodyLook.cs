using System.Text.Json.Serialization;
using FlowChat.Media.Incoming;
using FlowChat.Messages;
using FlowChat.Messages.Changes;
using FlowChat.Storage;
using Npgsql;
using NpgsqlTypes;

namespace FlowChat.Operations.Custody;

/// <summary>Where all open work is, and what is nowhere: each question is one statement, and so one moment of the database.</summary>
internal sealed class CustodyLook(Database database)
{
    // A message and its job change in one transaction: one without the other is never on its way.
    private const string FindSends = """
        select m.tenant_id, case m.status when 'queued' then 'queued_send' else 'open_send' end, m.id, $1, null, m.id
        from messages m
        where m.status in ('queued', 'sending') and ($2::uuid is null or m.tenant_id = $2)
          and not exists (select from jobs j where j.tenant_id = m.tenant_id and j.id = m.id)
        order by m.id
        limit $3
        """;

    private const string FindChanges = """
        select m.tenant_id, 'queued_change', (m.change ->> 'id')::uuid, $1, null, m.id
        from messages m
        where m.change is not null and m.change ->> 'state' = 'queued' and ($2::uuid is null or m.tenant_id = $2)
          and not exists (select from jobs j where j.tenant_id = m.tenant_id and j.id = (m.change ->> 'id')::uuid)
        order by m.id
        limit $3
        """;

    private const string FindMedia = """
        select a.tenant_id, 'pending_medium', a.id, $1, null, m.id
        from attachments a
        join messages m on m.id = a.message_id and m.tenant_id = a.tenant_id
        join instances i on i.tenant_id = m.tenant_id and i.id = m.instance_id
        where a.state = 'pending' and a.source is not null and ($2::uuid is null or a.tenant_id = $2)
          and m.deleted_at is null and i.deleted_at is null
          and not exists (select from jobs j where j.tenant_id = a.tenant_id and j.id = a.id)
        order by a.id
        limit $3
        """;

    private const string FindLanes = """
        select b.tenant_id, 'headless_lane', b.id, b.queue, b.lane, null::uuid
        from jobs b
        where b.state = 'blocked' and ($1::uuid is null or b.tenant_id = $1)
          and not exists (
            select from jobs h
            where h.tenant_id = b.tenant_id and h.queue = b.queue and h.lane = b.lane and h.state <> 'dead'
              and h.lane_no < b.lane_no)
        order by b.id
        limit $2
        """;

    // Whoever works looks for such leases several times a minute.
    private const string FindLeases = """
        select tenant_id, 'old_lease', id, queue, lane, null::uuid
        from jobs
        where state = 'leased' and lease_until < now() - interval '2 min' and ($1::uuid is null or tenant_id = $1)
        order by id
        limit $2
        """;

    private const string CountPlaces = """
        select j.queue,
          count(*) filter (where j.state = 'available' and j.due_at <= now() and not is_parked),
          count(*) filter (where j.state = 'blocked'),
          count(*) filter (where j.state = 'available' and j.due_at > now() and not is_parked),
          count(*) filter (where j.state = 'available' and is_parked),
          count(*) filter (where j.state = 'leased'),
          count(*) filter (where j.state = 'dead')
        from jobs j
        cross join lateral (
          select exists (
            select from job_keys k
            where k.tenant_id = j.tenant_id and k.queue = j.queue and k.limit_key = j.limit_key and k.parked_until > now()
          ) as is_parked
        ) p
        where $1::uuid is null or j.tenant_id = $1
        group by j.queue
        order by j.queue
        """;

    /// <param name="tenantId">Null: of all.</param>
    /// <param name="most">Of each kind.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<Stray>> FindAsync(
        Guid? tenantId,
        int most,
        CancellationToken cancellationToken
    )
    {
        var found = new List<Stray>();
        await using var connection = await database.Migrator.OpenConnectionAsync(cancellationToken);
        await using var batch = new SqlBatch(connection);
        var send = SqlBatch.Value(SendMessageJob.Queue);
        batch.Read(FindSends, Add, send, Tenant(tenantId), SqlBatch.Value(most));
        var change = SqlBatch.Value(ChangeMessageJob.Queue);
        batch.Read(FindChanges, Add, change, Tenant(tenantId), SqlBatch.Value(most));
        var media = SqlBatch.Value(ProcessMediaJob.Queue);
        batch.Read(FindMedia, Add, media, Tenant(tenantId), SqlBatch.Value(most));
        batch.Read(FindLanes, Add, Tenant(tenantId), SqlBatch.Value(most));
        batch.Read(FindLeases, Add, Tenant(tenantId), SqlBatch.Value(most));
        await batch.RunAsync(cancellationToken);
        return found;

        void Add(NpgsqlDataReader row) =>
            found.Add(
                new(row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetString(3))
                {
                    Lane = row.IsDBNull(4) ? null : row.GetString(4),
                    MessageId = row.IsDBNull(5) ? null : row.GetGuid(5),
                }
            );
    }

    /// <param name="tenantId">Null: of all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<CustodyPlaces>> CountAsync(
        Guid? tenantId,
        CancellationToken cancellationToken
    )
    {
        var places = new List<CustodyPlaces>();
        await using var connection = await database.Migrator.OpenConnectionAsync(cancellationToken);
        await using var batch = new SqlBatch(connection);
        batch.Read(
            CountPlaces,
            row =>
                places.Add(
                    new(
                        row.GetString(0),
                        row.GetInt64(1),
                        row.GetInt64(2),
                        row.GetInt64(3),
                        row.GetInt64(4),
                        row.GetInt64(5),
                        row.GetInt64(6)
                    )
                ),
            Tenant(tenantId)
        );
        await batch.RunAsync(cancellationToken);
        return places;
    }

    private static NpgsqlParameter Tenant(Guid? id) =>
        new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };
}

/// <summary>Where the open jobs of a queue are.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Waiting">Due, for a worker.</param>
/// <param name="InLane">Behind another of their lane.</param>
/// <param name="Delayed">Until their time.</param>
/// <param name="Parked">Until their number is back.</param>
/// <param name="Running">In the hands of a worker.</param>
/// <param name="Dead">Until somebody decides.</param>
internal sealed record CustodyPlaces(
    string Queue,
    long Waiting,
    long InLane,
    long Delayed,
    long Parked,
    long Running,
    long Dead
)
{
    [JsonIgnore]
    public IEnumerable<(string Name, long Count)> All =>
        [
            ("waiting", Waiting),
            ("in_lane", InLane),
            ("delayed", Delayed),
            ("parked", Parked),
            ("running", Running),
            ("dead", Dead),
        ];
}
