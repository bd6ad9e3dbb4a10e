using Npgsql;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>Lanes whose first job waits for one that isn't there: no change of a lane leaves one, and none would find it again.</summary>
internal static class HeadlessLanes
{
    private const string LockSql = """
        select from job_lanes where tenant_id = $1 and queue = $2 and lane = $3 for update
        """;

    private const string PromoteSql = $"""
        with left_lanes as materialized (select $1::uuid as tenant_id, $2::text as queue, $3::text as lane)
        {Lanes.PromoteHeadsSql}
        """;

    public static void AppendPromote(NpgsqlBatch batch, Guid tenantId, string queue, string lane)
    {
        foreach (var sql in (string[])[LockSql, PromoteSql])
            batch.Append(sql, Batches.Value(tenantId), Batches.Value(queue), Batches.Value(lane));
    }
}
