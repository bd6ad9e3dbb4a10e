using Npgsql;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>Takes due jobs, each for one worker only. Who is behind in a lane isn't even looked at.</summary>
internal static class ClaimJobs
{
    // Of a key without a limit.
    private const int AnyNumber = 1_000_000;

    internal const string MayBegin = """
        not exists (select from job_queues q where q.queue = $1 and (q.paused_at is not null or q.full_until > now()))
        """;

    // "is true" hides the indexes by state: rows that are named are found by their keys, however many are in that state.
    internal const string LeaseSql = """
        update jobs j
        set state = 'leased', attempt = j.attempt + 1, lease_token = $3, lease_until = clock_timestamp() + $4, worker = $5
        from picked p
        where j.tenant_id = p.tenant_id and j.id = p.id and (j.state = 'available') is true
        returning j.tenant_id, j.id, j.lane, j.attempt, j.payload, j.limit_key, coalesce(j.expires_at <= now(), false),
          j.enqueued_at, greatest(now() - j.due_at, '0'), j.trace_parent
        """;

    private const string PlainSql = $"""
        with picked as (
          select tenant_id, id from jobs
          where queue = $1 and state = 'available' and due_at <= now() and {MayBegin}
          order by due_at
          limit $2
          for update skip locked
        )
        {LeaseSql}
        """;

    /// <summary>Jobs of the key k that may run at once.</summary>
    internal const string LimitOfKey = "coalesce(k.concurrency, $6)";

    // Of a parked key only what has expired; $2 of all, its limit of a key at most. Each branch is one range of one index, however deep the backlog.
    internal const string DueOfKey = $"""
        (select j.tenant_id, j.id, j.due_at from jobs j
         where (k.parked_until is null or k.parked_until <= now())
           and j.tenant_id = k.tenant_id and j.queue = k.queue and j.limit_key = k.limit_key and j.state = 'available'
           and j.due_at <= now()
         order by j.due_at
         limit least($2, {LimitOfKey}))
        union all
        (select j.tenant_id, j.id, j.due_at from jobs j
         where k.parked_until > now()
           and j.tenant_id = k.tenant_id and j.queue = k.queue and j.limit_key = k.limit_key and j.state = 'available'
           and j.expires_at <= now() and j.due_at <= now()
         order by j.expires_at
         limit least($2, {LimitOfKey}))
        """;

    internal const string RunningOfKey = """
        (select count(*) from jobs r
         where r.tenant_id = k.tenant_id and r.queue = k.queue and r.limit_key = k.limit_key and r.state = 'leased')
        """;

    internal const string HasPermit = "(k.full_until is null or k.full_until <= now())";

    // The keys that waited longest for their turn. What runs is counted again under their locks, by the next statement.
    // In a FROM the select could run again for each key, and lock more of them.
    private const string LockKeysSql = $"""
        with free as (
          select k.tenant_id, k.limit_key from job_keys k
          cross join lateral (select true from ({DueOfKey}) d limit 1) due
          where k.queue = $1 and {HasPermit} and {RunningOfKey} < {LimitOfKey} and {MayBegin}
          order by k.claimed_at
          limit $2
          for update of k skip locked
        )
        update job_keys k set claim_token = $3, claimed_at = clock_timestamp()
        from free
        where k.tenant_id = free.tenant_id and k.queue = $1 and k.limit_key = free.limit_key
        """;

    private const string KeyedSql = $"""
        with picked as (
          select due.tenant_id, due.id from job_keys k
          cross join lateral (
            select * from ({DueOfKey}) d order by d.due_at limit greatest(0, {LimitOfKey} - {RunningOfKey})
          ) due
          where k.claim_token = $3 and k.queue = $1
          order by due.due_at
          limit $2
        )
        {LeaseSql}
        """;

    private const string RatedSql = $"""
        with picked as (
          select tenant_id, id from jobs
          where queue = $1 and state = 'available' and due_at <= now() and {MayBegin}
          order by due_at
          limit {Rates.PermitsOfClaim}
          for update skip locked
        ){Rates.LeaseSql}
        """;

    private const string KeyedRatedSql = $"""
        with picked as (
          select due.tenant_id, due.id from job_keys k
          cross join lateral (
            select * from ({DueOfKey}) d
            order by d.due_at
            limit greatest(0, least({LimitOfKey} - {RunningOfKey}, {Rates.PermitsOfKey}))
          ) due
          where k.claim_token = $3 and k.queue = $1
          order by due.due_at
          limit {Rates.PermitsOfClaim}
        ){Rates.LeaseSql}
        """;

    public static void Append(
        NpgsqlBatch batch,
        QueueOptions queue,
        string worker,
        int max,
        Guid token
    )
    {
        var parameters = () => Parameters(queue, worker, max, token);
        if (queue.HasKeys)
            batch.Append(LockKeysSql, parameters());
        if (!queue.IsRated)
        {
            batch.Append(queue.HasKeys ? KeyedSql : PlainSql, parameters());
            return;
        }
        Rates.AppendLock(batch, queue, token);
        batch.Append(queue.HasKeys ? KeyedRatedSql : RatedSql, parameters());
        Rates.AppendNext(batch, queue);
    }

    public static async Task<List<ClaimedJob>> ReadAsync(
        NpgsqlBatch batch,
        string queue,
        Guid token
    )
    {
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        var jobs = new List<ClaimedJob>();
        do
        {
            if (reader.FieldCount > 0)
                jobs.AddRange(await ReadAsync(reader, queue, token));
        } while (await reader.NextResultAsync(CancellationToken.None));
        return jobs;
    }

    public static async Task<(List<ClaimedJob> Jobs, NextPermit Next)> ReadRatedAsync(
        NpgsqlBatch batch,
        string queue,
        Guid token
    )
    {
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        return (await ReadAsync(reader, queue, token), await Rates.ReadNextAsync(reader));
    }

    private static async Task<List<ClaimedJob>> ReadAsync(
        NpgsqlDataReader reader,
        string queue,
        Guid token
    )
    {
        var jobs = new List<ClaimedJob>();
        while (await reader.ReadAsync(CancellationToken.None))
            jobs.Add(ReadJob(reader, queue, token));
        jobs.Sort((a, b) => b.Waited.CompareTo(a.Waited));
        return jobs;
    }

    private static ClaimedJob ReadJob(NpgsqlDataReader row, string queue, Guid token) =>
        new()
        {
            Lease = new JobLease(
                row.GetGuid(0),
                row.GetGuid(1),
                queue,
                row.IsDBNull(2) ? null : row.GetString(2),
                token,
                row.GetInt32(3)
            )
            {
                LimitKey = row.IsDBNull(5) ? null : row.GetString(5),
            },
            Payload = row.GetFieldValue<byte[]>(4),
            LimitKey = row.IsDBNull(5) ? null : row.GetString(5),
            Expired = row.GetBoolean(6),
            EnqueuedAt = row.GetFieldValue<DateTimeOffset>(7),
            Waited = row.GetTimeSpan(8),
            TraceParent = row.IsDBNull(9) ? null : row.GetString(9),
        };

    internal static NpgsqlParameter UsualLimit(QueueOptions queue) =>
        Batches.Value(queue.KeyConcurrency ?? AnyNumber);

    private static NpgsqlParameter[] Parameters(
        QueueOptions queue,
        string worker,
        int max,
        Guid token
    )
    {
        List<NpgsqlParameter> parameters =
        [
            Batches.Value(queue.Name),
            Batches.Value(max),
            Batches.Value(token),
            Batches.Value(queue.Lease),
            Batches.Value(worker),
        ];
        if (queue.IsLimited)
            parameters.Add(UsualLimit(queue));
        if (queue.IsRated)
            parameters.AddRange(Rates.Parameters(queue));
        return [.. parameters];
    }
}
