using Npgsql;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>What a transaction of the caller's does with one job besides settling it.</summary>
internal static class LedgerSteps
{
    private const string GuardSql = """
        select job_lease_lost($2)
        where not exists (
          select from jobs where tenant_id = $1 and id = $2 and lease_token = $3 and state = 'leased' for update)
        """;

    private const string WakeSql = """
        update jobs set due_at = clock_timestamp()
        where tenant_id = $1 and id = $2 and state = 'available' and due_at > clock_timestamp()
        """;

    public static void AppendGuard(NpgsqlBatch batch, JobLease lease) =>
        batch.Append(
            GuardSql,
            Batches.Value(lease.TenantId),
            Batches.Value(lease.JobId),
            Batches.Value(lease.Token)
        );

    public static void AppendWake(NpgsqlBatch batch, Guid tenantId, Guid jobId) =>
        batch.Append(WakeSql, Batches.Value(tenantId), Batches.Value(jobId));
}
