using Npgsql;
using NpgsqlTypes;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>Requeues or discards named dead jobs; those that aren't dead are left alone.</summary>
internal static class ReviveJobs
{
    // Counts every named job of a lane, dead or not: a gap in the numbers is harmless, a number given twice is not.
    private const string NumberLanesSql = """
        insert into job_lanes as l (tenant_id, queue, lane, last_no)
        select j.tenant_id, j.queue, j.lane, count(*)
        from jobs j join unnest($1::uuid[], $2::uuid[]) as s(tenant_id, id) using (tenant_id, id)
        where j.lane is not null
        group by j.tenant_id, j.queue, j.lane
        order by j.tenant_id, j.queue, j.lane
        on conflict (tenant_id, queue, lane) do update set last_no = l.last_no + excluded.last_no
        """;

    private const string RequeueSql = """
        update jobs j
        set state = case when j.lane is null then 'available' else 'blocked' end,
          lane_no = (select l.last_no from job_lanes l
            where l.tenant_id = j.tenant_id and l.queue = j.queue and l.lane = j.lane) - s.size + s.place,
          attempt = 0, dead_at = null, enqueued_at = clock_timestamp(),
          due_at = clock_timestamp() + (s.position + $4) * $3,
          expires_at = clock_timestamp() + (j.expires_at - j.enqueued_at)
        from (
          select d.tenant_id, d.id, s.position - 1 as position,
            row_number() over (partition by d.tenant_id, d.queue, d.lane order by s.position) as place,
            count(*) over (partition by d.tenant_id, d.queue, d.lane) as size
          from jobs d join unnest($1::uuid[], $2::uuid[]) with ordinality as s(tenant_id, id, position)
            using (tenant_id, id)
          where d.state = 'dead'
        ) s
        where j.tenant_id = s.tenant_id and j.id = s.id and j.state = 'dead'
        """;

    private const string PromoteSql = $"""
        with left_lanes as materialized (
          select distinct d.tenant_id, d.queue, d.lane
          from jobs d join unnest($1::uuid[], $2::uuid[]) as s(tenant_id, id) using (tenant_id, id)
          where d.lane is not null
        )
        {Lanes.PromoteHeadsSql}
        """;

    private const string DiscardSql = """
        delete from jobs j using unnest($1::uuid[], $2::uuid[]) as s(tenant_id, id)
        where j.tenant_id = s.tenant_id and j.id = s.id and j.state = 'dead'
        """;

    /// <returns>The command whose affected rows are the jobs requeued.</returns>
    public static NpgsqlBatchCommand AppendRequeue(
        NpgsqlBatch batch,
        IReadOnlyCollection<(Guid TenantId, Guid Id)> jobs,
        TimeSpan apart,
        int before
    )
    {
        batch.Append(NumberLanesSql, Keys(jobs));
        var requeue = batch.Append(
            RequeueSql,
            [.. Keys(jobs), Batches.Value(apart), Batches.Value(before)]
        );
        batch.Append(PromoteSql, Keys(jobs));
        return requeue;
    }

    public static void AppendDiscard(
        NpgsqlBatch batch,
        IReadOnlyCollection<(Guid TenantId, Guid Id)> jobs
    ) => batch.Append(DiscardSql, Keys(jobs));

    private static NpgsqlParameter[] Keys(IReadOnlyCollection<(Guid TenantId, Guid Id)> jobs) =>
        [
            Batches.Array(jobs, NpgsqlDbType.Uuid, job => job.TenantId),
            Batches.Array(jobs, NpgsqlDbType.Uuid, job => job.Id),
        ];
}
