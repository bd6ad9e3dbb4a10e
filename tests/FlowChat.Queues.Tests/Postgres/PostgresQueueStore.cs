using Dapper;
using FlowChat.Queues.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FlowChat.Queues.Tests.Postgres;

public sealed class PostgresQueueStore(NpgsqlDataSource dataSource, string connectionString)
    : IQueueStore
{
    private const string AdvanceSql = """
        update jobs set due_at = due_at - @time, expires_at = expires_at - @time, lease_until = lease_until - @time,
          enqueued_at = enqueued_at - @time, dead_at = dead_at - @time
        where queue = coalesce(@queue, queue);
        update job_keys set parked_until = parked_until - @time, full_until = full_until - @time,
          begun = (select array_agg(b.at - @time order by b.at) from unnest(begun) as b(at))
        where queue = coalesce(@queue, queue);
        update job_queues set full_until = full_until - @time,
          begun = (select array_agg(b.at - @time order by b.at) from unnest(begun) as b(at))
        where queue = coalesce(@queue, queue);
        """;

    private readonly List<PostgresQueueBackend> backends = [];

    public NpgsqlDataSource DataSource => dataSource;

    public string ConnectionString => connectionString;

    public IQueueBackend Open() => OpenPostgres();

    public PostgresQueueBackend OpenPostgres()
    {
        var backend = new PostgresQueueBackend(
            dataSource,
            TimeProvider.System,
            NullLogger<PostgresQueueBackend>.Instance
        );
        backends.Add(backend);
        return backend;
    }

    public async Task AdvanceAsync(TimeSpan time, string? queue = null)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await connection.ExecuteAsync(AdvanceSql, new { time, queue });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in backends)
            await backend.DisposeAsync();
        await dataSource.DisposeAsync();
    }
}
