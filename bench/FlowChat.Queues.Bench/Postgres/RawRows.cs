using System.Diagnostics;
using Npgsql;

namespace FlowChat.Queues.Bench.Postgres;

/// <summary>The least that a queue in PostgreSQL can be: rows inserted 500 at a time, and 100 at a time taken and deleted.</summary>
internal sealed class RawRows(NpgsqlDataSource dataSource, int jobs)
{
    private const int Connections = 2,
        Insert = 500,
        Take = 100;

    private static CancellationToken Ct => CancellationToken.None;

    public async Task CreateAsync()
    {
        await using var create = dataSource.CreateCommand(
            "create table raw_jobs (id bigint generated always as identity primary key, payload jsonb not null)"
        );
        await create.ExecuteNonQueryAsync(Ct);
    }

    public Task<double> AddAsync() =>
        RateAsync(
            "insert into raw_jobs (payload) select $1::jsonb from generate_series(1, $2)",
            Insert,
            System.Text.Encoding.UTF8.GetString(Run.Payload)
        );

    public Task<double> DrainAsync() =>
        RateAsync(
            """
            delete from raw_jobs where id in
              (select id from raw_jobs where $1 <> '' order by id limit $2 for update skip locked)
            """,
            Take,
            "any"
        );

    private async Task<double> RateAsync(string sql, int batch, string text)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(
            Enumerable
                .Range(0, Connections)
                .Select(async _ =>
                {
                    await using var connection = await dataSource.OpenConnectionAsync(Ct);
                    await using var command = new NpgsqlCommand(sql, connection)
                    {
                        Parameters =
                        {
                            new() { Value = text },
                            new() { Value = batch },
                        },
                    };
                    await command.PrepareAsync(Ct);
                    for (var n = 0; n < jobs / Connections; n += batch)
                        await command.ExecuteNonQueryAsync(Ct);
                })
        );
        return jobs / watch.Elapsed.TotalSeconds;
    }
}
