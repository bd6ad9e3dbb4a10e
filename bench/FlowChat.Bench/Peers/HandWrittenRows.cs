using Dapper;
using FlowChat.Bench.Results;
using Npgsql;

namespace FlowChat.Bench.Peers;

/// <summary>What PostgreSQL can do here at all: message rows of the same columns and indexes, and nothing beside them.</summary>
internal sealed class HandWrittenRows : IAsyncDisposable
{
    // The database's owner may make a schema, but only the migrator may look at FlowChat's tables.
    private const string CreateTable = """
        create schema bench authorization flowchat_migrator;
        set role flowchat_migrator;
        create table bench.messages (like flowchat.messages including all);
        grant usage on schema bench to public;
        grant insert on bench.messages to public;
        reset role;
        """;

    private const string Insert = """
        insert into bench.messages
          (tenant_id, id, conversation_id, instance_id, direction, type, text, status, wa_id, sender_contact_id, sent_at,
           arrival)
        select t, m, c, i, 'in', 'text', @text, 'received', m::text, c, @sentAt, a
        from unnest(@tenants, @ids, @conversations, @instances, @arrivals) as r (t, m, c, i, a)
        """;

    private readonly NpgsqlDataSource source;
    private readonly TimeProvider time;
    private readonly Guid[] tenants = Make(10);
    private readonly Guid[] conversations = Make(2_000);
    private readonly string text = new('x', 100);
    private long arrival;

    private HandWrittenRows(string connectionString, TimeProvider time)
    {
        source = NpgsqlDataSource.Create(connectionString);
        this.time = time;
    }

    public static async Task<HandWrittenRows> CreateAsync(
        string connectionString,
        TimeProvider time,
        CancellationToken ct
    )
    {
        var rows = new HandWrittenRows(connectionString, time);
        await using var connection = await rows.source.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(CreateTable, cancellationToken: ct));
        return rows;
    }

    /// <summary>Each connection commits a batch after the other.</summary>
    public async Task<Figures> RunAsync(
        int connections,
        int batch,
        TimeSpan duration,
        CancellationToken ct
    )
    {
        var start = time.GetTimestamp();
        var written = await Task.WhenAll(
            Enumerable.Range(0, connections).Select(_ => InsertAsync(batch, start, duration, ct))
        );
        return new Figures { PerSecond = written.Sum() / time.GetElapsedTime(start).TotalSeconds };
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<long> InsertAsync(
        int batch,
        long start,
        TimeSpan duration,
        CancellationToken ct
    )
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Insert, connection);
        var written = 0L;
        while (time.GetElapsedTime(start) < duration)
        {
            command.Parameters.Clear();
            command.Parameters.AddWithValue("text", text);
            command.Parameters.AddWithValue("sentAt", time.GetUtcNow());
            command.Parameters.AddWithValue("tenants", Pick(tenants, written, batch));
            command.Parameters.AddWithValue("conversations", Pick(conversations, written, batch));
            command.Parameters.AddWithValue("instances", Pick(tenants, written, batch));
            command.Parameters.AddWithValue("ids", Make(batch));
            command.Parameters.AddWithValue("arrivals", Arrivals(batch));
            written += await command.ExecuteNonQueryAsync(ct);
        }

        return written;
    }

    private long[] Arrivals(int count)
    {
        var last = Interlocked.Add(ref arrival, count);
        return [.. Enumerable.Range(0, count).Select(i => last - i)];
    }

    private static Guid[] Pick(Guid[] from, long offset, int count) =>
        [.. Enumerable.Range(0, count).Select(i => from[(offset + i) % from.Length])];

    private static Guid[] Make(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];
}
