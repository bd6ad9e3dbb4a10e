using Npgsql;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>Brings the jobs of one lane into another.</summary>
internal static class JoinLanes
{
    // Makes a row that is missing, and locks both.
    private const string LockLanesSql = """
        insert into job_lanes as l (tenant_id, queue, lane, last_no)
        select $1, $2, lane, 0 from unnest(array[$3, $4]) as t(lane) order by lane
        on conflict (tenant_id, queue, lane) do update set last_no = l.last_no
        """;

    // A claim locks no lane: without this it could lease a job whose place is being taken from it.
    private const string LockJobsSql = """
        select from jobs where tenant_id = $1 and queue = $2 and lane in ($3, $4) order by id for update
        """;

    // What runs comes first, and each lane keeps its own order. The numbers begin beyond those of both: none is given twice.
    private const string PlaceJobsSql = """
        with came as (
          select id, lane_no, state = 'leased' as runs, max(enqueued_at) over (partition by lane order by lane_no) as came
          from jobs
          where tenant_id = $1 and queue = $2 and lane in ($3, $4) and state <> 'dead'
        ), placed as (
          select id, row_number() over (order by runs desc, came, lane_no, id) as place from came
        )
        update jobs j
        set lane = $4, lane_no = p.place + (
            select max(last_no) from job_lanes where tenant_id = $1 and queue = $2 and lane in ($3, $4)),
          state = case when j.state = 'leased' then 'leased' when p.place = 1 then 'available' else 'blocked' end
        from placed p
        where j.tenant_id = $1 and j.id = p.id
        """;

    // They return at the end of the lane they are in then.
    private const string MoveDeadSql = """
        update jobs set lane = $4 where tenant_id = $1 and queue = $2 and lane = $3 and state = 'dead'
        """;

    private const string NumberSql = """
        update job_lanes l
        set joined_to = null, last_no = greatest(last_no, (
          select max(lane_no) from jobs j where j.tenant_id = $1 and j.queue = $2 and j.lane = $4))
        where tenant_id = $1 and queue = $2 and lane = $4
        """;

    private const string PointSql = """
        update job_lanes set joined_to = $4 where tenant_id = $1 and queue = $2 and (lane = $3 or joined_to = $3)
        """;

    public static void Append(
        NpgsqlBatch batch,
        Guid tenantId,
        string queue,
        string from,
        string into
    )
    {
        string[] steps =
        [
            LockLanesSql,
            LockJobsSql,
            PlaceJobsSql,
            MoveDeadSql,
            NumberSql,
            PointSql,
        ];
        foreach (var sql in steps)
            batch.Append(
                sql,
                Batches.Value(tenantId),
                Batches.Value(queue),
                Batches.Value(from),
                Batches.Value(into)
            );
    }
}
