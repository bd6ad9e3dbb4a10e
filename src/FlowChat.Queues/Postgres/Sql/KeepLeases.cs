using Npgsql;
using NpgsqlTypes;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>Leases of the living are renewed, those of the dead taken over.</summary>
internal static class KeepLeases
{
    // A row that is locked is being settled this moment: it is held, and waiting for it could wait in a circle.
    private const string RenewSql = """
        with held as (
          select j.tenant_id, j.id, s.token from jobs j
          join unnest($1::uuid[], $2::uuid[], $3::uuid[]) as s(tenant_id, id, token)
            on j.tenant_id = s.tenant_id and j.id = s.id and j.lease_token = s.token and j.state = 'leased'
        ), free as (
          select j.tenant_id, j.id from jobs j join held using (tenant_id, id) for update of j skip locked
        ), renewed as (
          update jobs j set lease_until = clock_timestamp() + $4
          from free join held using (tenant_id, id)
          where j.tenant_id = free.tenant_id and j.id = free.id and j.lease_token = held.token
        )
        select tenant_id, id, token from held
        """;

    private const string TakeOverSql = """
        with abandoned as (
          select tenant_id, id from jobs
          where queue = $1 and state = 'leased' and lease_until < now()
          order by lease_until
          limit $2
          for update skip locked
        )
        update jobs j set lease_token = $3, lease_until = clock_timestamp() + $4, worker = $5
        from abandoned a
        where j.tenant_id = a.tenant_id and j.id = a.id
        returning j.tenant_id, j.id, j.lane, j.attempt, j.payload, j.limit_key, coalesce(j.expires_at <= now(), false),
          j.enqueued_at, greatest(now() - j.due_at, '0'), j.trace_parent
        """;

    private const string TrimSql = """
        delete from job_history
        where queue = $1 and outcome = $2 and no <= (
          select no from job_history where queue = $1 and outcome = $2 order by no desc offset $3 limit 1)
        """;

    public static void AppendRenewal(
        NpgsqlBatch batch,
        IReadOnlyCollection<JobLease> leases,
        TimeSpan lease
    ) =>
        batch.Append(
            RenewSql,
            Batches.Array(leases, NpgsqlDbType.Uuid, l => l.TenantId),
            Batches.Array(leases, NpgsqlDbType.Uuid, l => l.JobId),
            Batches.Array(leases, NpgsqlDbType.Uuid, l => l.Token),
            Batches.Value(lease)
        );

    public static void AppendTakeOver(
        NpgsqlBatch batch,
        QueueOptions queue,
        string rescuer,
        int max,
        Guid token
    ) =>
        batch.Append(
            TakeOverSql,
            Batches.Value(queue.Name),
            Batches.Value(max),
            Batches.Value(token),
            Batches.Value(queue.Lease),
            Batches.Value(rescuer)
        );

    public static void AppendTrim(NpgsqlBatch batch, QueueOptions queue)
    {
        foreach (
            var (outcome, kept) in new[]
            {
                ("completed", queue.CompletedHistory),
                ("failed", queue.FailedHistory),
            }
        )
            batch.Append(
                TrimSql,
                Batches.Value(queue.Name),
                Batches.Value(outcome),
                Batches.Value(kept)
            );
    }
}
