// Jobs per second through the PostgreSQL backend: payload of 53 bytes, no-op handler, fsync and synchronous_commit on.
using FlowChat.Queues.Bench;
using FlowChat.Queues.Postgres;
using FlowChat.Testing.Servers;
using Npgsql;

var jobs = args is [var count, ..] ? int.Parse(count, null) : 50_000;
await using var server = new PostgresServer(durable: true);
await server.StartAsync();

Console.WriteLine($"{"case", -34}{"enqueue/s", 12}{"drain/s", 12}{"together/s", 12}");
foreach (
    var (name, lanes, keys, concurrency) in new[]
    {
        ("5 at once", 0, 0, 5),
        ("16 at once", 0, 0, 16),
        ("100 at once", 0, 0, 100),
        ("100 at once, 1,000 lanes", 1_000, 0, 100),
        ("100 at once, 100,000 lanes", 100_000, 0, 100),
        ("100 at once, 500 keys", 0, 500, 100),
    }
)
{
    await using var dataSource = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());
    await PostgresQueueSchema.CreateAsync(dataSource, CancellationToken.None);
    var run = new Run(dataSource, jobs, lanes, keys, concurrency);
    var enqueue = await run.EnqueueAsync();
    var drain = await run.DrainAsync();
    var together = await run.TogetherAsync();
    Console.WriteLine($"{name, -34}{enqueue, 12:N0}{drain, 12:N0}{together, 12:N0}");
}
