using System.Diagnostics;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>Adds jobs with a number of statements that doesn't depend on theirs.</summary>
internal static class InsertJobs
{
    private const string NumberLanesSql = """
        insert into job_lanes as l (tenant_id, queue, lane, last_no)
        select tenant_id, queue, lane, count(*)
        from unnest($1::uuid[], $2::text[], $3::text[]) as j(tenant_id, queue, lane)
        group by tenant_id, queue, lane
        order by tenant_id, queue, lane
        on conflict (tenant_id, queue, lane) do update set last_no = l.last_no + excluded.last_no
        """;

    private const string KnowKeysSql = """
        insert into job_keys (tenant_id, queue, limit_key)
        select distinct tenant_id, queue, limit_key
        from unnest($1::uuid[], $2::text[], $3::text[]) as j(tenant_id, queue, limit_key)
        order by tenant_id, queue, limit_key
        on conflict do nothing
        """;

    // The first of an empty lane is available at once, which spares a second write of its row. An id that lives already
    // leaves a gap in its lane's numbers, and may leave a lane without a head until it is promoted.
    private const string InsertSql = """
        insert into jobs (
          tenant_id, id, queue, payload, lane, lane_no, limit_key, state, due_at, expires_at, trace_parent, enqueued_at)
        select
          j.tenant_id, j.id, j.queue, j.payload, j.lane,
          (select l.last_no from job_lanes l
           where l.tenant_id = j.tenant_id and l.queue = j.queue and l.lane = j.lane) - j.size + j.place,
          j.limit_key,
          case when j.lane is null or j.place = 1 and (
              select true from jobs o
              where o.tenant_id = j.tenant_id and o.queue = j.queue and o.lane = j.lane and o.state <> 'dead'
              limit 1) is null
            then 'available' else 'blocked' end,
          least(coalesce(j.due_at, clock_timestamp()), j.expires_at), j.expires_at, j.trace_parent, clock_timestamp()
        from (
          select *, row_number() over lane as place, count(*) over (partition by tenant_id, queue, lane) as size
          from unnest(
            $1::uuid[], $2::uuid[], $3::text[], $4::jsonb[], $5::text[], $6::text[], $7::timestamptz[],
            $8::timestamptz[], $9::text[])
            with ordinality
            as t(tenant_id, id, queue, payload, lane, limit_key, due_at, expires_at, trace_parent, position)
          window lane as (partition by tenant_id, queue, lane order by position)
        ) j
        order by j.position
        on conflict do nothing
        """;

    /// <returns>The command whose affected rows are the jobs added.</returns>
    public static NpgsqlBatchCommand Append(NpgsqlBatch batch, IReadOnlyList<Job> jobs)
    {
        var laned = jobs.Where(job => job.Lane is not null).ToList();
        if (laned.Count > 0)
            batch.Append(NumberLanesSql, Grouped(laned, job => job.Lane!));
        var keyed = jobs.Where(job => job.LimitKey is not null).ToList();
        if (keyed.Count > 0)
            batch.Append(KnowKeysSql, Grouped(keyed, job => job.LimitKey!));
        var insert = batch.Append(InsertSql, Rows(jobs));
        if (laned.Count > 0)
            Lanes.Promote(batch, laned);
        return insert;
    }

    private static NpgsqlParameter[] Grouped(List<Job> jobs, Func<Job, string> group) =>
        [
            Batches.Array(jobs, NpgsqlDbType.Uuid, job => job.TenantId),
            Batches.Array(jobs, NpgsqlDbType.Text, job => job.Queue),
            Batches.Array(jobs, NpgsqlDbType.Text, group),
        ];

    private static NpgsqlParameter[] Rows(IReadOnlyList<Job> jobs)
    {
        var trace = Activity.Current?.Id;
        return
        [
            Batches.Array(jobs, NpgsqlDbType.Uuid, job => job.TenantId),
            Batches.Array(jobs, NpgsqlDbType.Uuid, job => job.Id),
            Batches.Array(jobs, NpgsqlDbType.Text, job => job.Queue),
            Batches.Array(
                jobs,
                NpgsqlDbType.Jsonb,
                job => Encoding.UTF8.GetString(job.Payload.Span)
            ),
            Batches.Array(jobs, NpgsqlDbType.Text, job => job.Lane),
            Batches.Array(jobs, NpgsqlDbType.Text, job => job.LimitKey),
            Batches.Array(jobs, NpgsqlDbType.TimestampTz, job => job.DueAt?.ToUniversalTime()),
            Batches.Array(jobs, NpgsqlDbType.TimestampTz, job => job.ExpiresAt?.ToUniversalTime()),
            Batches.Array(jobs, NpgsqlDbType.Text, job => job.TraceParent ?? trace),
        ];
    }
}
