using Npgsql;
using NpgsqlTypes;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>Parks, resumes and limits limit keys, and finds those of jobs that are older than the queue's limit.</summary>
internal static class LimitKeys
{
    private const string ParkSql = """
        insert into job_keys (tenant_id, queue, limit_key, parked_until, park_reason) values ($1, $2, $3, $4, $5)
        on conflict (tenant_id, queue, limit_key) do update
        set parked_until = excluded.parked_until, park_reason = excluded.park_reason
        """;

    private const string ResumeSql = """
        update job_keys set parked_until = null, park_reason = null
        where tenant_id = $1 and queue = $2 and limit_key = $3
        """;

    private const string LimitSql = """
        insert into job_keys (tenant_id, queue, limit_key, concurrency) values ($1, $2, $3, $4)
        on conflict (tenant_id, queue, limit_key) do update set concurrency = excluded.concurrency
        """;

    private const string NameKeylessSql = """
        update jobs set limit_key = '' where queue = $1 and limit_key is null
        """;

    private const string KnowAllSql = """
        insert into job_keys (tenant_id, queue, limit_key)
        select distinct tenant_id, queue, limit_key from jobs where queue = $1
        order by tenant_id, queue, limit_key
        on conflict do nothing
        """;

    public static void AppendPark(
        NpgsqlBatch batch,
        LimitKey key,
        DateTimeOffset? until,
        string reason
    ) =>
        batch.Append(
            ParkSql,
            Batches.Value(key.TenantId),
            Batches.Value(key.Queue),
            Batches.Value(key.Key),
            new()
            {
                Value = until?.UtcDateTime ?? DateTime.MaxValue,
                NpgsqlDbType = NpgsqlDbType.TimestampTz,
            },
            Batches.Value(StoredText.Clean(reason))
        );

    public static void AppendResume(NpgsqlBatch batch, LimitKey key) =>
        batch.Append(
            ResumeSql,
            Batches.Value(key.TenantId),
            Batches.Value(key.Queue),
            Batches.Value(key.Key)
        );

    public static void AppendLimit(NpgsqlBatch batch, LimitKey key, int? concurrency) =>
        batch.Append(
            LimitSql,
            Batches.Value(key.TenantId),
            Batches.Value(key.Queue),
            Batches.Value(key.Key),
            new()
            {
                Value = concurrency ?? (object)DBNull.Value,
                NpgsqlDbType = NpgsqlDbType.Integer,
            }
        );

    /// <summary>A queue that gets a limit while it holds jobs: what has no key shares the empty one.</summary>
    public static void AppendAdopt(NpgsqlBatch batch, string queue)
    {
        batch.Append(NameKeylessSql, Batches.Value(queue));
        batch.Append(KnowAllSql, Batches.Value(queue));
    }
}
