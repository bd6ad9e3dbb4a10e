using Npgsql;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>
/// Takes the named jobs that may run this moment: due, first of their lanes, within the limit of their keys, nobody's.
/// </summary>
internal static class ClaimNamedJobs
{
    private const string Named = """
        from jobs j join unnest($11::uuid[], $12::uuid[]) as n(tenant_id, id) using (tenant_id, id)
        """;

    // Each by its key, whatever plan is kept.
    private const string PickSql = $"""
        with picked as (
          select due.tenant_id, due.id from unnest($11::uuid[], $12::uuid[]) as n(tenant_id, id)
          cross join lateral (
            select j.tenant_id, j.id, j.due_at from jobs j
            where j.tenant_id = n.tenant_id and j.id = n.id and j.queue = $1 and j.due_at <= now()
              and (j.state = 'available') is true
            limit 1
            for update skip locked
          ) due
          where {ClaimJobs.MayBegin}
        """;

    private const string PlainSql = $"""
        {PickSql}
        )
        {ClaimJobs.LeaseSql}
        """;

    private const string RatedSql = $"""
        {PickSql}
          order by due.due_at
          limit {Rates.PermitsOfClaim}
        ){Rates.LeaseSql}
        """;

    // What runs of a key is counted under its lock, by the next statement.
    private const string LockKeysSql = $"""
        with named as (
          select k.tenant_id, k.limit_key
          from job_keys k
          join (
            select distinct j.tenant_id, j.limit_key {Named}
            where j.queue = $1 and j.state = 'available'
          ) n using (tenant_id, limit_key)
          where k.queue = $1 and {ClaimJobs.HasPermit}
          order by k.tenant_id, k.limit_key
          for update of k
        )
        update job_keys k set claim_token = $3, claimed_at = clock_timestamp()
        from named
        where k.tenant_id = named.tenant_id and k.queue = $1 and k.limit_key = named.limit_key
        """;

    private const string DueOfKey = $"""
        select j.tenant_id, j.id, j.due_at {Named}
        where j.tenant_id = k.tenant_id and j.queue = k.queue and j.limit_key = k.limit_key
          and j.state = 'available' and j.due_at <= now()
          and (k.parked_until is null or k.parked_until <= now() or j.expires_at <= now())
        order by j.due_at
        """;

    private const string KeyedSql = $"""
        with picked as (
          select due.tenant_id, due.id from job_keys k
          cross join lateral (
            {DueOfKey}
            limit greatest(0, {ClaimJobs.LimitOfKey} - {ClaimJobs.RunningOfKey})
          ) due
          where k.claim_token = $3 and k.queue = $1 and {ClaimJobs.MayBegin}
        )
        {ClaimJobs.LeaseSql}
        """;

    private const string KeyedRatedSql = $"""
        with picked as (
          select due.tenant_id, due.id from job_keys k
          cross join lateral (
            {DueOfKey}
            limit greatest(0, least({ClaimJobs.LimitOfKey} - {ClaimJobs.RunningOfKey}, {Rates.PermitsOfKey}))
          ) due
          where k.claim_token = $3 and k.queue = $1 and {ClaimJobs.MayBegin}
          order by due.due_at
          limit {Rates.PermitsOfClaim}
        ){Rates.LeaseSql}
        """;

    public static void Append(
        NpgsqlBatch batch,
        QueueOptions queue,
        string worker,
        IReadOnlyCollection<JobLease> names,
        Guid token
    )
    {
        var tenants = names.Select(name => name.TenantId).ToArray();
        var ids = names.Select(name => name.JobId).ToArray();
        NpgsqlParameter[] Parameters() =>
            [
                Batches.Value(queue.Name),
                Batches.Value(names.Count),
                Batches.Value(token),
                Batches.Value(queue.Lease),
                Batches.Value(worker),
                ClaimJobs.UsualLimit(queue),
                .. Rates.Parameters(queue),
                Batches.Value(tenants),
                Batches.Value(ids),
            ];
        batch.Seek();
        if (queue.HasKeys)
            batch.Append(LockKeysSql, Parameters());
        Rates.AppendLock(batch, queue, token);
        batch.Append(
            (queue.HasKeys, queue.IsRated) switch
            {
                (false, false) => PlainSql,
                (false, true) => RatedSql,
                (true, false) => KeyedSql,
                (true, true) => KeyedRatedSql,
            },
            Parameters()
        );
    }
}
