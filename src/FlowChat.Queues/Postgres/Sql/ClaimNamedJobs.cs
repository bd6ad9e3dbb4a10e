using Npgsql;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>
/// Takes the named jobs that may run this moment: due, first of their lanes, within the limit of their keys, nobody's.
/// </summary>
internal static class ClaimNamedJobs
{
    private const string PlainSql = $"""
        with picked as (
          select due.tenant_id, due.id from unnest($2::uuid[], $6::uuid[]) as n(tenant_id, id)
          cross join lateral (
            select j.tenant_id, j.id from jobs j
            where j.tenant_id = n.tenant_id and j.id = n.id and j.queue = $1 and j.due_at <= now()
              and (j.state = 'available') is true
            limit 1
            for update skip locked
          ) due
          where {ClaimJobs.NotPaused}
        )
        {ClaimJobs.LeaseSql}
        """;

    // What runs of a key is counted under its lock, by the next statement.
    private const string LockKeysSql = """
        update job_keys k set claim_token = $4, claimed_at = clock_timestamp()
        from (
          select k.tenant_id, k.limit_key
          from job_keys k
          join (
            select distinct j.tenant_id, j.limit_key
            from jobs j join unnest($2::uuid[], $3::uuid[]) as n(tenant_id, id) using (tenant_id, id)
            where j.queue = $1 and j.state = 'available'
          ) n using (tenant_id, limit_key)
          where k.queue = $1
          order by k.tenant_id, k.limit_key
          for update of k
        ) named
        where k.tenant_id = named.tenant_id and k.queue = $1 and k.limit_key = named.limit_key
        """;

    private const string KeyedSql = $"""
        with picked as (
          select due.tenant_id, due.id from job_keys k
          cross join lateral (
            select j.tenant_id, j.id from jobs j
            join unnest($2::uuid[], $6::uuid[]) as n(tenant_id, id) using (tenant_id, id)
            where j.tenant_id = k.tenant_id and j.queue = k.queue and j.limit_key = k.limit_key
              and j.state = 'available' and j.due_at <= now()
              and (k.parked_until is null or k.parked_until <= now() or j.expires_at <= now())
            order by j.due_at
            limit greatest(0, $7 - {ClaimJobs.RunningOfKey})
          ) due
          where k.claim_token = $3 and k.queue = $1 and {ClaimJobs.NotPaused}
        )
        {ClaimJobs.LeaseSql}
        """;

    public static void Append(
        NpgsqlBatch batch,
        QueueOptions queue,
        string worker,
        IReadOnlyCollection<JobLease> names,
        Guid token
    )
    {
        batch.Seek();
        var (tenants, ids) = (
            names.Select(name => name.TenantId).ToArray(),
            names.Select(name => name.JobId).ToArray()
        );
        List<NpgsqlParameter> parameters =
        [
            Batches.Value(queue.Name),
            Batches.Value(tenants),
            Batches.Value(token),
            Batches.Value(queue.Lease),
            Batches.Value(worker),
            Batches.Value(ids),
        ];
        if (queue.KeyConcurrency is { } limit)
        {
            batch.Append(
                LockKeysSql,
                Batches.Value(queue.Name),
                Batches.Value(tenants),
                Batches.Value(ids),
                Batches.Value(token)
            );
            parameters.Add(Batches.Value(limit));
        }
        batch.Append(queue.KeyConcurrency is null ? PlainSql : KeyedSql, [.. parameters]);
    }
}
