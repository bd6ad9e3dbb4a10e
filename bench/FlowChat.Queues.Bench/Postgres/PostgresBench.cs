using FlowChat.Queues.Postgres;
using FlowChat.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FlowChat.Queues.Bench.Postgres;

internal static class PostgresBench
{
    private static readonly (string Name, int Lanes, int Keys, int Concurrency)[] Cases =
    [
        ("5 at once", 0, 0, 5),
        ("16 at once", 0, 0, 16),
        ("100 at once", 0, 0, 100),
        ("100 at once, 1,000 lanes", 1_000, 0, 100),
        ("100 at once, 100,000 lanes", 100_000, 0, 100),
        ("100 at once, 500 keys", 0, 500, 100),
    ];

    public static async Task RunAsync(int jobs)
    {
        await using var server = new PostgresServer(durable: true);
        await server.StartAsync();
        Console.WriteLine($"{"case", -34}{"enqueue/s", 12}{"drain/s", 12}{"together/s", 12}");
        foreach (var (name, lanes, keys, concurrency) in Cases)
        {
            var connection = await server.CreateDatabaseAsync();
            await using var dataSource = NpgsqlDataSource.Create(connection);
            await PostgresQueueSchema.CreateAsync(dataSource, CancellationToken.None);
            await using var backend = new PostgresQueueBackend(
                dataSource,
                TimeProvider.System,
                NullLogger<PostgresQueueBackend>.Instance
            );
            var run = new Run(backend, jobs, lanes, keys, concurrency);
            var enqueue = await run.EnqueueAsync();
            var drain = await run.DrainAsync();
            var together = await run.TogetherAsync();
            Console.WriteLine($"{name, -34}{enqueue, 12:N0}{drain, 12:N0}{together, 12:N0}");
        }
    }
}
