using FlowChat.Queues.Bench.Postgres;
using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Bench;

/// <summary>
/// What jobs cost while many others wait: some are added and as many run, at 100 handlers, beside a backlog that stays.
/// Flat is what is wanted.
/// </summary>
internal sealed class GrowthBench(int rounds, int jobs, TimeProvider time)
{
    private const int Handlers = 100,
        Lanes = 100_000;

    private readonly Comparison comparison = new("queues-growth", "Redis", "PostgreSQL");

    public async Task RunAsync(TextWriter output)
    {
        for (var round = 1; round <= rounds; round++)
        {
            await output.WriteLineAsync($"Round {round} of {rounds}");
            foreach (var backlog in (int[])[1_000, 10_000, 100_000, 1_000_000])
                await CaseAsync($"{backlog:N0} jobs wait", backlog, 0);
            foreach (var lanes in (int[])[100, 1_000, 10_000, Lanes])
                await CaseAsync($"100,000 jobs wait in {lanes:N0} lanes", Lanes, lanes);
        }
        await comparison.WriteAsync(output, time);
    }

    private async Task CaseAsync(string name, int backlog, int lanes)
    {
        await using (var server = await RedisServer.StartedAsync(default, durable: true))
        {
            await using var backend = new RedisQueueBackend(
                RedisOptions.Parse(server.Url),
                new RedisQueueOptions(),
                TimeProvider.System,
                NullLoggerFactory.Instance
            );
            comparison.Add(name, "Redis", await RateAsync(backend, backlog, lanes));
        }
        await using var postgres = new PostgresServer(durable: true);
        await postgres.StartAsync();
        var (dataSource, rows) = await PostgresBench.OpenAsync(postgres);
        await using var _ = dataSource;
        await using var __ = rows;
        comparison.Add(name, "PostgreSQL", await RateAsync(rows, backlog, lanes));
    }

    private async Task<double> RateAsync(IQueueBackend backend, int backlog, int lanes)
    {
        await new Run(backend, backlog, lanes, 0, Handlers).EnqueueAsync();
        return await new Run(backend, jobs, lanes, 0, Handlers).TogetherAsync();
    }
}
