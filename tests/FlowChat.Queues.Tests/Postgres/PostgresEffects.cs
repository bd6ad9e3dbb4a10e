using Dapper;

namespace FlowChat.Queues.Tests.Postgres;

/// <summary>The rows that worker processes commit with their jobs' ends.</summary>
internal static class PostgresEffects
{
    public static async Task CreateEffectsAsync(this PostgresQueueStore store)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "create table effects (no bigint generated always as identity, job_id uuid, lane text, n int, begun bigint)"
        );
    }

    public static async Task<List<Effect>> ReadEffectsAsync(this PostgresQueueStore store)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync();
        return
        [
            .. await connection.QueryAsync<Effect>(
                "select job_id as JobId, lane, n, begun, no as Ended from effects order by no"
            ),
        ];
    }
}
