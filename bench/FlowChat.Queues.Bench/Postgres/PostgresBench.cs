using FlowChat.Queues.Postgres;
using FlowChat.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FlowChat.Queues.Bench.Postgres;

/// <summary>The PostgreSQL backend beside rows by hand, fsync and synchronous_commit on, a database of its own for each case.</summary>
internal sealed class PostgresBench(int rounds, int jobs, TimeProvider time)
{
    private const string Own = "FlowChat",
        Raw = "rows by hand";

    private readonly Comparison comparison = new("queues-postgres", Own, Raw);

    public async Task RunAsync(TextWriter output)
    {
        await using var server = new PostgresServer(durable: true);
        await server.StartAsync();
        for (var round = 1; round <= rounds; round++)
        {
            await output.WriteLineAsync($"Round {round} of {rounds}");
            await RawAsync(server);
            foreach (var handlers in (int[])[5, 16, 100])
                await OwnAsync(server, $"{handlers} handlers", 0, 0, handlers);
            foreach (var lanes in (int[])[1_000, 100_000])
                await OwnAsync(server, $"100 handlers, lanes: {lanes:N0}", lanes, 0, 100);
            await OwnAsync(server, "100 handlers, limit keys: 500", 0, 500, 100);
        }
        await comparison.WriteAsync(output, time);
    }

    public static async Task<(NpgsqlDataSource, PostgresQueueBackend)> OpenAsync(
        PostgresServer server
    )
    {
        var dataSource = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());
        await PostgresQueueSchema.CreateAsync(dataSource, CancellationToken.None);
        var backend = new PostgresQueueBackend(
            dataSource,
            TimeProvider.System,
            NullLogger<PostgresQueueBackend>.Instance
        );
        return (dataSource, backend);
    }

    private async Task RawAsync(PostgresServer server)
    {
        await using var dataSource = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());
        var raw = new RawRows(dataSource, jobs);
        await raw.CreateAsync();
        var (add, drain) = (await raw.AddAsync(), await raw.DrainAsync());
        foreach (var handlers in (int[])[5, 16, 100])
        {
            comparison.Add($"enqueue in batches of 500, {handlers} handlers", Raw, add);
            comparison.Add($"drain, {handlers} handlers", Raw, drain);
        }
    }

    private async Task OwnAsync(
        PostgresServer server,
        string name,
        int lanes,
        int keys,
        int concurrency
    )
    {
        var (dataSource, backend) = await OpenAsync(server);
        await using var _ = dataSource;
        await using var __ = backend;
        var run = new Run(backend, jobs, lanes, keys, concurrency);
        comparison.Add($"enqueue in batches of 500, {name}", Own, await run.EnqueueAsync());
        comparison.Add($"drain, {name}", Own, await run.DrainAsync());
        comparison.Add($"enqueue and drain, {name}", Own, await run.TogetherAsync());
    }
}
