using Npgsql;
using NpgsqlTypes;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>Carries out outcomes, each only while its token still matches.</summary>
internal static class SettleJobs
{
    private const string Held = """
        j.tenant_id = s.tenant_id and j.id = s.id and j.lease_token = s.token and (j.state = 'leased') is true
        """;

    private const string Remember = """
        insert into job_history (tenant_id, queue, job_id, outcome, payload, lane, attempt, error, enqueued_at)
        select tenant_id, queue, id, $4, payload, lane, attempt, reason, enqueued_at from settled
        """;

    private const string AppendError = """
        (case when jsonb_array_length(j.errors) >= 10 then j.errors - 0 else j.errors end)
          || jsonb_build_object('at', clock_timestamp(), 'attempt', j.attempt, 'error', s.reason)
        """;

    private const string FinishSql = $"""
        with settled as (
          delete from jobs j using unnest($1::uuid[], $2::uuid[], $3::uuid[]) as s(tenant_id, id, token)
          where {Held}
          returning j.tenant_id, j.id, j.queue, j.payload, j.lane, j.attempt, null::text as reason, j.enqueued_at, s.token
        ), remembered as ({Remember})
        """;

    private const string BurySql = $"""
        with settled as (
          update jobs j
          set state = 'dead', dead_at = clock_timestamp(), reason = s.reason, errors = {AppendError},
            lease_token = null, lease_until = null, worker = null
          from unnest($1::uuid[], $2::uuid[], $3::uuid[], $5::text[]) as s(tenant_id, id, token, reason)
          where {Held}
          returning j.tenant_id, j.id, j.queue, j.payload, j.lane, j.attempt, j.reason, j.enqueued_at, s.token
        ), remembered as ({Remember})
        """;

    // Handed back or parked, a job keeps its time. A wait ends with the job's life, unless that has ended already:
    // then it counts in full, or the job would come back at once for ever.
    private const string PutBackSql = $"""
        with settled as (
          update jobs j
          set state = 'available', lease_token = null, lease_until = null, worker = null,
            attempt = j.attempt - case when s.failed then 0 else 1 end,
            reason = coalesce(s.reason, j.reason),
            errors = case when s.failed then {AppendError} else j.errors end,
            due_at = case
              when s.wait is null and (s.park is null or coalesce(j.expires_at > clock_timestamp(), true)) then j.due_at
              when j.expires_at > clock_timestamp() then least(clock_timestamp() + s.wait, j.expires_at)
              else clock_timestamp() + coalesce(s.wait, s.park) end
          from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::boolean[], $5::interval[], $6::interval[], $7::text[])
            as s(tenant_id, id, token, failed, wait, park, reason)
          where {Held}
          returning j.tenant_id, j.id, j.queue, j.limit_key, s.park, s.reason, s.token
        ), parked as (
          insert into job_keys as k (tenant_id, queue, limit_key, parked_until, park_reason)
          select tenant_id, queue, limit_key, clock_timestamp() + max(park), max(reason) from settled
          where park is not null and limit_key is not null
          group by tenant_id, queue, limit_key
          order by tenant_id, queue, limit_key
          on conflict (tenant_id, queue, limit_key) do update
          set parked_until = excluded.parked_until, park_reason = excluded.park_reason
          where k.parked_until is null or k.parked_until < excluded.parked_until
        )
        """;

    private const string AnswerSql = " select tenant_id, id, token from settled";

    private const string FenceSql = """
         select job_lease_lost(s.id) from unnest($1::uuid[], $2::uuid[]) as s(tenant_id, id)
        where not exists (select from settled d where d.tenant_id = s.tenant_id and d.id = s.id)
        """;

    /// <summary>With the fence a lost lease fails the transaction; without, the statements answer what was held.</summary>
    public static void Append(
        NpgsqlBatch batch,
        IReadOnlyList<JobSettlement> settlements,
        bool fence
    )
    {
        var tail = fence ? FenceSql : AnswerSql;
        var leaving = settlements
            .Where(s => s.Outcome.Kind is JobOutcomeKind.Done or JobOutcomeKind.Dead)
            .Select(s => s.Lease)
            .Where(lease => lease.Lane is not null)
            .ToList();
        if (leaving.Count > 0)
            Lanes.Lock(batch, leaving);
        AppendEnds(
            batch,
            Of(settlements, JobOutcomeKind.Done),
            FinishSql + tail,
            "completed",
            withReason: false
        );
        AppendEnds(
            batch,
            Of(settlements, JobOutcomeKind.Dead),
            BurySql + tail,
            "failed",
            withReason: true
        );
        AppendPutBack(batch, settlements, tail);
        if (leaving.Count > 0)
            Lanes.Promote(batch, leaving);
    }

    private static List<JobSettlement> Of(
        IReadOnlyList<JobSettlement> settlements,
        JobOutcomeKind kind
    ) => [.. settlements.Where(s => s.Outcome.Kind == kind)];

    private static void AppendEnds(
        NpgsqlBatch batch,
        List<JobSettlement> ends,
        string sql,
        string outcome,
        bool withReason
    )
    {
        if (ends.Count == 0)
            return;
        List<NpgsqlParameter> parameters = [.. Leases(ends), Batches.Value(outcome)];
        if (withReason)
            parameters.Add(Reasons(ends));
        batch.Append(sql, [.. parameters]);
    }

    private static void AppendPutBack(
        NpgsqlBatch batch,
        IReadOnlyList<JobSettlement> settlements,
        string tail
    )
    {
        var back = settlements
            .Where(s => s.Outcome.Kind is not (JobOutcomeKind.Done or JobOutcomeKind.Dead))
            .ToList();
        if (back.Count == 0)
            return;
        batch.Append(
            PutBackSql + tail,
            [
                .. Leases(back),
                Batches.Array(
                    back,
                    NpgsqlDbType.Boolean,
                    s => s.Outcome.Kind == JobOutcomeKind.Retry
                ),
                Batches.Array(
                    back,
                    NpgsqlDbType.Interval,
                    s => Delay(s, JobOutcomeKind.Retry, JobOutcomeKind.Snooze)
                ),
                Batches.Array(
                    back,
                    NpgsqlDbType.Interval,
                    s => Delay(s, JobOutcomeKind.Park, JobOutcomeKind.Park)
                ),
                Reasons(back),
            ]
        );
    }

    private static TimeSpan? Delay(
        JobSettlement settlement,
        JobOutcomeKind one,
        JobOutcomeKind other
    ) =>
        settlement.Outcome.Kind == one || settlement.Outcome.Kind == other
            ? settlement.Outcome.Delay
            : null;

    private static NpgsqlParameter[] Leases(List<JobSettlement> settlements) =>
        [
            Batches.Array(settlements, NpgsqlDbType.Uuid, s => s.Lease.TenantId),
            Batches.Array(settlements, NpgsqlDbType.Uuid, s => s.Lease.JobId),
            Batches.Array(settlements, NpgsqlDbType.Uuid, s => s.Lease.Token),
        ];

    private static NpgsqlParameter Reasons(List<JobSettlement> settlements) =>
        Batches.Array(settlements, NpgsqlDbType.Text, s => StoredText.Clean(s.Outcome.Reason));
}
