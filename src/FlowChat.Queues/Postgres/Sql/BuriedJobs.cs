using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>Finds the dead jobs that people mean.</summary>
internal static class BuriedJobs
{
    private const string Matches = """
        j.queue = $1 and j.state = 'dead' and ($2::uuid is null or j.tenant_id = $2)
          and ($3::uuid[] is null or j.id = any($3))
          and ($4::text is null or j.payload::text ilike $4 or j.reason ilike $4 or j.lane ilike $4 or j.limit_key ilike $4)
        """;

    private const string FindSql = $"""
        select tenant_id, id, payload, lane, limit_key, expires_at, attempt, reason, errors, trace_parent, enqueued_at,
          dead_at
        from jobs j
        where {Matches} and ($5::timestamptz is null or (j.dead_at, j.id) < ($5, $6))
        order by j.dead_at desc, j.id desc
        limit $7
        """;

    private const string CountSql = $"select count(*) from jobs j where {Matches}";

    private const string DiscardMatchingSql = $"delete from jobs j where {Matches}";

    // Only what was dead when the work began: a job that dies again at once is not picked up a second time.
    private const string OldestSql = $"""
        select tenant_id, id from jobs j where {Matches} and j.dead_at <= $5 order by j.dead_at, j.id limit $6
        """;

    public static void AppendFind(
        NpgsqlBatch batch,
        DeadJobFilter filter,
        DeadJobCursor? after,
        int limit
    ) =>
        batch.Append(
            FindSql,
            [
                .. Filter(filter),
                new()
                {
                    Value = (object?)after?.DeadAt.ToUniversalTime() ?? DBNull.Value,
                    NpgsqlDbType = NpgsqlDbType.TimestampTz,
                },
                new()
                {
                    Value = (object?)after?.Id ?? DBNull.Value,
                    NpgsqlDbType = NpgsqlDbType.Uuid,
                },
                Batches.Value(limit),
            ]
        );

    public static void AppendCount(NpgsqlBatch batch, DeadJobFilter filter) =>
        batch.Append(CountSql, Filter(filter));

    public static void AppendDiscard(NpgsqlBatch batch, DeadJobFilter filter) =>
        batch.Append(DiscardMatchingSql, Filter(filter));

    public static void AppendOldest(
        NpgsqlBatch batch,
        DeadJobFilter filter,
        DateTimeOffset diedBy,
        int limit
    ) => batch.Append(OldestSql, [.. Filter(filter), Batches.Value(diedBy), Batches.Value(limit)]);

    public static DeadJob Read(NpgsqlDataReader row, string queue) =>
        new()
        {
            Job = new Job
            {
                TenantId = row.GetGuid(0),
                Id = row.GetGuid(1),
                Queue = queue,
                Payload = row.GetFieldValue<byte[]>(2),
                Lane = row.IsDBNull(3) ? null : row.GetString(3),
                LimitKey = row.IsDBNull(4) ? null : row.GetString(4),
                ExpiresAt = row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5),
                TraceParent = row.IsDBNull(9) ? null : row.GetString(9),
            },
            Attempt = row.GetInt32(6),
            Error = row.IsDBNull(7) ? null : row.GetString(7),
            Errors = JsonSerializer.Deserialize<List<JobError>>(
                row.GetString(8),
                JsonSerializerOptions.Web
            )!,
            EnqueuedAt = row.GetFieldValue<DateTimeOffset>(10),
            DeadAt = row.GetFieldValue<DateTimeOffset>(11),
        };

    private static NpgsqlParameter[] Filter(DeadJobFilter filter) =>
        [
            Batches.Value(filter.Queue),
            new()
            {
                Value = (object?)filter.TenantId ?? DBNull.Value,
                NpgsqlDbType = NpgsqlDbType.Uuid,
            },
            new()
            {
                Value = (object?)filter.Ids?.ToArray() ?? DBNull.Value,
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
            },
            new()
            {
                Value = (object?)Pattern(filter.Text) ?? DBNull.Value,
                NpgsqlDbType = NpgsqlDbType.Text,
            },
        ];

    private static string? Pattern(string? text) =>
        string.IsNullOrEmpty(text)
            ? null
            : $"%{StoredText.Clean(text)!.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
}
