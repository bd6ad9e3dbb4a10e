using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Live;

/// <summary>Reads the log, of any tenant that the caller has been let into.</summary>
internal sealed class EventLog(Database database)
{
    private const string ReadPage = """
        select seq, type, at, data::text from events where tenant_id = $1 and seq > $2 order by seq limit $3
        """;

    private const string ReadBounds = """
        select c.seq, coalesce((select min(e.seq) from events e where e.tenant_id = $1), c.seq + 1)
        from tenant_counters c where c.tenant_id = $1
        """;

    private const string ReadLast =
        "select tenant_id, seq from tenant_counters where tenant_id = any($1)";

    public async Task<IReadOnlyList<LiveEvent>> ReadAsync(
        Guid tenantId,
        long after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.System.CreateCommand(ReadPage);
        command.Parameters.AddRange(
            (NpgsqlParameter[])
                [SqlBatch.Value(tenantId), SqlBatch.Value(after), SqlBatch.Value(limit)]
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<LiveEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(
                new(reader.GetInt64(0), reader.GetString(1), reader.Time(2), reader.GetString(3))
            );
        }
        return events;
    }

    public async Task<LogBounds> ReadBoundsAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var command = database.System.CreateCommand(ReadBounds);
        command.Parameters.Add(SqlBatch.Value(tenantId));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetInt64(1), reader.GetInt64(0))
            : new(1, 0);
    }

    public async Task<Dictionary<Guid, long>> ReadLastAsync(
        Guid[] tenantIds,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.System.CreateCommand(ReadLast);
        command.Parameters.Add(SqlBatch.Value(tenantIds));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var last = new Dictionary<Guid, long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            last.Add(reader.GetGuid(0), reader.GetInt64(1));
        }
        return last;
    }
}

/// <summary>The oldest seq that is kept and the newest that was given.</summary>
internal readonly record struct LogBounds(long Oldest, long Last)
{
    /// <summary>A place from which nothing is missing, and which the log has reached: a restored backup may be behind it.</summary>
    public bool Holds(long after) => after >= Oldest - 1 && after <= Last;
}
