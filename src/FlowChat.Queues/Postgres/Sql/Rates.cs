using Npgsql;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>
/// Rates: what began within the period is counted on the queue's row and on its keys', under their locks. Keys are locked
/// first, the queue last.
/// </summary>
internal static class Rates
{
    /// <summary>Locks the queue for the claim $2, unless it waits for a permit or is paused.</summary>
    private const string LockQueueSql = """
        update job_queues set claim_token = $2
        where queue = $1 and paused_at is null and (full_until is null or full_until <= now())
        """;

    /// <summary>How many of the queue may begin under the claim's lock, at most $2.</summary>
    public const string PermitsOfClaim = """
        (select case when $7 = 0 then $2 else coalesce((
          select least($2, greatest(0, job_permits(q.begun, q.begun_counts, $7, $8)))
          from job_queues q where q.queue = $1 and q.claim_token = $3), 0) end)
        """;

    /// <summary>How many of the key k may begin, as far as its rate goes.</summary>
    public const string PermitsOfKey =
        $"case when $9 = 0 then {ClaimJobs.LimitOfKey} else job_permits(k.begun, k.begun_counts, $9, $10) end";

    /// <summary>Between what picked the jobs and the answer: counts what begins.</summary>
    public const string LeaseSql = $"""
        , leased as (
          {ClaimJobs.LeaseSql}
        ), begun_of_queue as (
          update job_queues q
          set (begun, begun_counts, full_until) = (
            select b.begun, b.counts, b.full_until from job_begin(q.begun, q.begun_counts, l.started, $7, $8) b)
          from (select count(*)::int as started from leased) l
          where q.queue = $1 and q.claim_token = $3 and $7 > 0
        ), begun_of_keys as (
          update job_keys k
          set (begun, begun_counts, full_until) = (
            select b.begun, b.counts, b.full_until from job_begin(k.begun, k.begun_counts, l.started, $9, $10) b)
          from (
            select o.tenant_id, o.limit_key, count(j.id)::int as started
            from job_keys o left join leased j using (tenant_id, limit_key)
            where o.claim_token = $3 and o.queue = $1
            group by o.tenant_id, o.limit_key
          ) l
          where k.tenant_id = l.tenant_id and k.queue = $1 and k.limit_key = l.limit_key and $9 > 0
        )
        select * from leased
        """;

    // A key whose jobs aren't due yet wakes nobody.
    private const string NextSql = """
        select
          (select full_until - clock_timestamp() from job_queues where queue = $1 and full_until > now()),
          (select k.full_until - clock_timestamp() from job_keys k
           where k.queue = $1 and k.full_until > now() and exists (
             select from jobs j
             where j.tenant_id = k.tenant_id and j.queue = k.queue and j.limit_key = k.limit_key
               and j.state = 'available' and j.due_at <= now())
           order by k.full_until
           limit 1)
        """;

    // Whoever is claiming sets it anew.
    private const string ForgetFullKeysSql = """
        with waiting as (
          select tenant_id, limit_key from job_keys where queue = $1 and full_until is not null for update skip locked
        )
        update job_keys k set full_until = null
        from waiting w
        where k.tenant_id = w.tenant_id and k.queue = $1 and k.limit_key = w.limit_key
        """;

    private const string KnowQueueSql = """
        insert into job_queues (queue) values ($1)
        on conflict (queue) do update set full_until = null where job_queues.full_until is not null
        """;

    /// <summary>Makes the queue known; what waits for a permit is looked at again, with the rates of today.</summary>
    public static void AppendKnow(NpgsqlBatch batch, string queue)
    {
        batch.Append(ForgetFullKeysSql, Batches.Value(queue));
        batch.Append(KnowQueueSql, Batches.Value(queue));
    }

    public static void AppendLock(NpgsqlBatch batch, QueueOptions queue, Guid token)
    {
        if (queue.Rate is not null)
            batch.Append(LockQueueSql, Batches.Value(queue.Name), Batches.Value(token));
    }

    public static void AppendNext(NpgsqlBatch batch, QueueOptions queue) =>
        batch.Append(NextSql, Batches.Value(queue.Name));

    /// <summary>0 is none.</summary>
    public static NpgsqlParameter[] Parameters(QueueOptions queue) =>
        [
            Batches.Value(queue.Rate ?? 0),
            Batches.Value(queue.RatePeriod.TotalSeconds),
            Batches.Value(queue.KeyRate ?? 0),
            Batches.Value(queue.KeyRatePeriod.TotalSeconds),
        ];

    public static async Task<NextPermit> ReadNextAsync(NpgsqlDataReader reader)
    {
        await reader.NextResultAsync(CancellationToken.None);
        await reader.ReadAsync(CancellationToken.None);
        return new NextPermit(Span(reader, 0), Span(reader, 1));
    }

    private static TimeSpan? Span(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetTimeSpan(column);
}

/// <summary>How long until one more may begin where a rate is reached: of the queue, of a key that has jobs.</summary>
internal readonly record struct NextPermit(TimeSpan? Queue, TimeSpan? Key);
