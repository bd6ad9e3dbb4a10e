using Npgsql;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>Looks for what may run this moment, where hints say that something may.</summary>
internal static class FindAvailableJobs
{
    // Named rows are sought one by one ("limit 1"): joined, a plan made while the table was small would read all of it.
    // What was due when it was added is hinted at, unless all that is known is the queue ($8). A job that waits behind
    // another names its lane, but not when it was just added: who was there before has its entry.
    private const string PlainSql = $"""
        with named as (
          select j.*, n.added from unnest($2::uuid[], $3::uuid[], $9::boolean[]) as n(tenant_id, id, added)
          cross join lateral (
            select j.tenant_id, j.id, j.lane, j.due_at, j.state from jobs j
            where j.tenant_id = n.tenant_id and j.id = n.id and j.queue = $1
            limit 1
          ) j
        ), lanes as (
          select * from unnest($4::uuid[], $5::text[]) as l(tenant_id, lane)
          union
          select tenant_id, lane from named where state = 'blocked' and not added
        ), found as (
          select tenant_id, id, due_at from named where state = 'available'
          union
          select head.tenant_id, head.id, head.due_at from lanes l
          cross join lateral (
            select o.tenant_id, o.id, o.due_at, o.state from jobs o
            where o.tenant_id = l.tenant_id and o.queue = $1 and o.lane = l.lane and o.state <> 'dead'
            order by o.lane_no
            limit 1
          ) head
          where head.state = 'available'
          union
          (select tenant_id, id, due_at from jobs
           where queue = $1 and state = 'available' and due_at > $6 and due_at <= now() and (due_at > enqueued_at or $8)
           order by due_at
           limit $7)
        )
        select tenant_id, id from found where due_at <= now() and {ClaimJobs.MayBegin} order by due_at
        """;

    // As many of a key as it may run besides those that run.
    private const string KeyedSql = $"""
        with keys as (
          select * from unnest($9::uuid[], $3::text[]) as n(tenant_id, limit_key)
          union
          select j.tenant_id, j.limit_key
          from jobs j join unnest($4::uuid[], $5::uuid[]) as n(tenant_id, id) using (tenant_id, id)
          where j.queue = $1
          union
          select tenant_id, limit_key from jobs
          where queue = $1 and state = 'available' and due_at > $7 and due_at <= now() and (due_at > enqueued_at or $8)
          union
          select tenant_id, limit_key from job_keys where queue = $1 and parked_until > $7 and parked_until <= now()
        )
        select due.tenant_id, due.id
        from keys join job_keys k using (tenant_id, limit_key)
        cross join lateral (
          select * from ({ClaimJobs.DueOfKey}) d order by d.due_at limit greatest(0, {ClaimJobs.LimitOfKey} - {ClaimJobs.RunningOfKey})
        ) due
        where k.queue = $1 and {ClaimJobs.MayBegin}
        order by due.due_at
        """;

    private const string EverySql = $"""
        select tenant_id, id from jobs
        where queue = $1 and state = 'available' and due_at <= now() and {ClaimJobs.MayBegin}
        order by due_at
        limit {Permits}
        """;

    private const string EveryKeyedSql = $"""
        select due.tenant_id, due.id from job_keys k
        cross join lateral (
          select * from ({ClaimJobs.DueOfKey}) d
          order by d.due_at
          limit greatest(0, least({ClaimJobs.LimitOfKey} - {ClaimJobs.RunningOfKey}, {Rates.PermitsOfKey}))
        ) due
        where k.queue = $1 and {ClaimJobs.HasPermit} and {ClaimJobs.MayBegin}
        order by due.due_at
        limit {Permits}
        """;

    private const string CountSql = $"select count(*) from ({EverySql}) available";

    private const string CountKeyedSql = $"select count(*) from ({EveryKeyedSql}) available";

    private const string Permits = """
        (select case when $7 = 0 then $2 else least($2, greatest(0, job_permits(q.begun, q.begun_counts, $7, $8))) end
         from job_queues q where q.queue = $1)
        """;

    private const string NextDueSql =
        "(select min(due_at) from jobs where queue = $1 and state = 'available' and due_at > now())";

    private const string ClockSql = $"select now(), {NextDueSql}";

    // A permit that comes makes jobs available as a time does.
    private const string RatedClockSql = $"""
        select now(), least(
          {NextDueSql},
          (select full_until from job_queues where queue = $1 and full_until > now()),
          (select min(full_until) from job_keys where queue = $1 and full_until > now()))
        """;

    private const string KnownSql = """
        select j.* from unnest($1::uuid[], $2::uuid[]) as n(tenant_id, id)
        cross join lateral (
          select tenant_id, id from jobs where tenant_id = n.tenant_id and id = n.id limit 1
        ) j
        """;

    public static void AppendHinted(
        NpgsqlBatch batch,
        QueueOptions queue,
        IReadOnlyCollection<JobHint> hints,
        DateTimeOffset since,
        int max
    )
    {
        var jobs = hints.Where(hint => hint.JobId is not null).ToList();
        if (queue.HasKeys)
        {
            var keys = hints.Where(hint => hint.LimitKey is not null).ToList();
            batch.Append(
                KeyedSql,
                Batches.Value(queue.Name),
                Batches.Value(max),
                Batches.Value(keys.Select(hint => hint.LimitKey!).ToArray()),
                Tenants(jobs),
                Ids(jobs),
                ClaimJobs.UsualLimit(queue),
                Batches.Value(since.ToUniversalTime()),
                Batches.Value(hints.Any(hint => hint.IsOnlyQueue)),
                Tenants(keys)
            );
        }
        else
        {
            var lanes = hints.Where(hint => hint is { Lane: not null, IsAdded: false }).ToList();
            batch.Append(
                PlainSql,
                Batches.Value(queue.Name),
                Tenants(jobs),
                Ids(jobs),
                Tenants(lanes),
                Batches.Value(lanes.Select(hint => hint.Lane!).ToArray()),
                Batches.Value(since.ToUniversalTime()),
                Batches.Value(max),
                Batches.Value(hints.Any(hint => hint.IsOnlyQueue)),
                Batches.Value(jobs.Select(hint => hint.IsAdded).ToArray())
            );
        }
        batch.Append(ClockSql, Batches.Value(queue.Name));
    }

    public static void AppendEvery(NpgsqlBatch batch, QueueOptions queue, int max)
    {
        batch.Append(queue.HasKeys ? EveryKeyedSql : EverySql, Every(queue, max));
        batch.Append(queue.IsRated ? RatedClockSql : ClockSql, Batches.Value(queue.Name));
    }

    public static void AppendCount(NpgsqlBatch batch, QueueOptions queue, int max) =>
        batch.Append(queue.HasKeys ? CountKeyedSql : CountSql, Every(queue, max));

    public static void AppendKnown(NpgsqlBatch batch, IReadOnlyCollection<JobLease> names) =>
        batch.Append(
            KnownSql,
            Batches.Value(names.Select(name => name.TenantId).ToArray()),
            Batches.Value(names.Select(name => name.JobId).ToArray())
        );

    // The numbers are those of a claim; three of them mean nothing here.
    private static NpgsqlParameter[] Every(QueueOptions queue, int max) =>
        [
            Batches.Value(queue.Name),
            Batches.Value(max),
            Batches.Value(0),
            Batches.Value(0),
            Batches.Value(0),
            ClaimJobs.UsualLimit(queue),
            .. Rates.Parameters(queue),
        ];

    private static NpgsqlParameter Tenants(IEnumerable<JobHint> hints) =>
        Batches.Value(hints.Select(hint => hint.TenantId).ToArray());

    private static NpgsqlParameter Ids(IEnumerable<JobHint> hints) =>
        Batches.Value(hints.Select(hint => hint.JobId!.Value).ToArray());
}
