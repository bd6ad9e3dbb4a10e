using Npgsql;
using NpgsqlTypes;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>
/// The two halves of every change to a lane: lock it, and, in a later statement that sees all that went before, make its
/// first job available. Rows are locked in the order of their keys, so that two batches can't wait for each other.
/// </summary>
internal static class Lanes
{
    private const string LockSql = """
        select from job_lanes l
        join (select distinct * from unnest($1::uuid[], $2::text[], $3::text[]) as t(tenant_id, queue, lane)) t
          using (tenant_id, queue, lane)
        order by l.tenant_id, l.queue, l.lane
        for update of l
        """;

    // A lease may name a lane whose jobs went over to another since.
    private const string LockJoinedSql = """
        select from job_lanes l
        join (
          select distinct o.tenant_id, o.queue, o.joined_to as lane
          from unnest($1::uuid[], $2::text[], $3::text[]) as t(tenant_id, queue, lane)
          join job_lanes o using (tenant_id, queue, lane)
          where o.joined_to is not null
        ) t using (tenant_id, queue, lane)
        order by l.tenant_id, l.queue, l.lane
        for update of l
        """;

    private const string PromoteSql = $"""
        with left_lanes as materialized (
          select t.tenant_id, t.queue, n.lane
          from unnest($1::uuid[], $2::text[], $3::text[]) as t(tenant_id, queue, lane)
          join job_lanes o using (tenant_id, queue, lane)
          cross join lateral (values (o.lane), (o.joined_to)) as n(lane)
          where n.lane is not null
          group by 1, 2, 3
        )
        {PromoteHeadsSql}
        """;

    /// <summary>
    /// After <c>left_lanes</c>, a list of lanes. Each step is a list of its own: a plan that was made while the table was
    /// nearly empty would else look up the heads for every job of the tenant.
    /// </summary>
    internal const string PromoteHeadsSql = """
        , heads as materialized (
          select head.tenant_id, head.id
          from left_lanes l cross join lateral (
            select o.tenant_id, o.id, o.state from jobs o
            where o.tenant_id = l.tenant_id and o.queue = l.queue and o.lane = l.lane and o.state <> 'dead'
            order by o.lane_no
            limit 1
          ) head
          where head.state = 'blocked'
        )
        update jobs j set state = 'available' from heads h where j.tenant_id = h.tenant_id and j.id = h.id
        """;

    public static void Lock(NpgsqlBatch batch, IReadOnlyCollection<JobLease> leases)
    {
        batch.Append(LockSql, Of(leases, l => l.TenantId, l => l.Queue, l => l.Lane!));
        batch.Append(LockJoinedSql, Of(leases, l => l.TenantId, l => l.Queue, l => l.Lane!));
    }

    public static void Promote(NpgsqlBatch batch, IReadOnlyCollection<JobLease> leases) =>
        batch.Append(PromoteSql, Of(leases, l => l.TenantId, l => l.Queue, l => l.Lane!));

    public static void Promote(NpgsqlBatch batch, IReadOnlyCollection<Job> jobs) =>
        batch.Append(PromoteSql, Of(jobs, j => j.TenantId, j => j.Queue, j => j.Lane!));

    private static NpgsqlParameter[] Of<T>(
        IReadOnlyCollection<T> items,
        Func<T, Guid> tenant,
        Func<T, string> queue,
        Func<T, string> lane
    ) =>
        [
            Batches.Array(items, NpgsqlDbType.Uuid, tenant),
            Batches.Array(items, NpgsqlDbType.Text, queue),
            Batches.Array(items, NpgsqlDbType.Text, lane),
        ];
}
