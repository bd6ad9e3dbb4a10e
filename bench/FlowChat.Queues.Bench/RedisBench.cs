using System.Globalization;
using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Bench;

internal static class RedisBench
{
    private const int Rounds = 3,
        Singles = 5_000;

    private static readonly (string Name, int Lanes, int Keys, int Concurrency)[] Cases =
    [
        ("5 at once", 0, 0, 5),
        ("100 at once", 0, 0, 100),
        ("100 at once, 1,000 lanes", 1_000, 0, 100),
        ("100 at once, 100,000 lanes", 100_000, 0, 100),
        ("100 at once, 500 keys", 0, 500, 100),
    ];

    public static async Task RunAsync(int jobs)
    {
        Console.WriteLine(
            $"{"case", -30}{"enqueue/s", 12}{"drain/s", 12}{"together/s", 12}{"bytes/job", 12}{"server µs", 12}"
        );
        for (var round = 0; round < Rounds; round++)
        {
            await RawAsync(jobs);
            foreach (var (name, lanes, keys, concurrency) in Cases)
                await CaseAsync(name, jobs, lanes, keys, concurrency);
        }
    }

    private static async Task RawAsync(int jobs)
    {
        await using var server = await RedisServer.StartedAsync(
            CancellationToken.None,
            durable: true
        );
        await using var client = NewClient(server);
        var raw = new RawRedis(client, jobs);
        var enqueue = await raw.AddAsync();
        var memory = await MemoryAsync(client) / jobs;
        var cpu = await CpuAsync(client);
        var drain = await raw.DrainAsync();
        var serverMicros = (await CpuAsync(client) - cpu) / jobs;
        Console.WriteLine(
            $"{"raw", -30}{enqueue, 12:N0}{drain, 12:N0}{"", 12}{memory, 12:N0}{serverMicros, 12:N2}"
        );
        Print("raw, one by one", await raw.OneByOneAsync(Singles));
    }

    private static async Task CaseAsync(string name, int jobs, int lanes, int keys, int concurrency)
    {
        await using var server = await RedisServer.StartedAsync(
            CancellationToken.None,
            durable: true
        );
        await using var client = NewClient(server);
        await using var backend = new RedisQueueBackend(
            RedisOptions.Parse(server.Url),
            new RedisQueueOptions(),
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
        var run = new Run(backend, jobs, lanes, keys, concurrency);
        var before = await MemoryAsync(client);
        var enqueue = await run.EnqueueAsync();
        var memory = (await MemoryAsync(client) - before) / jobs;
        var cpu = await CpuAsync(client);
        var drain = await run.DrainAsync();
        var serverMicros = (await CpuAsync(client) - cpu) / jobs;
        var together = await run.TogetherAsync();
        Console.WriteLine(
            $"{name, -30}{enqueue, 12:N0}{drain, 12:N0}{together, 12:N0}{memory, 12:N0}{serverMicros, 12:N2}"
        );
        if (lanes + keys == 0)
            Print($"{name}, one by one", await run.OneByOneAsync(Singles));
    }

    private static void Print(string name, double[] took) =>
        Console.WriteLine(
            $"{name, -30} p50 {took[took.Length / 2]:N0} µs, p99 {took[took.Length * 99 / 100]:N0} µs"
        );

    private static async Task<double> MemoryAsync(RedisClient client)
    {
        var info = await client.SendAsync(
            new RedisCommand("INFO", "memory"),
            CancellationToken.None
        );
        var line = info
            .Text.Split("\r\n")
            .First(text => text.StartsWith("used_memory:", StringComparison.Ordinal));
        return double.Parse(line.AsSpan("used_memory:".Length), CultureInfo.InvariantCulture);
    }

    /// <summary>What the server has used of a CPU, in microseconds.</summary>
    private static async Task<double> CpuAsync(RedisClient client)
    {
        var info = await client.SendAsync(new RedisCommand("INFO", "cpu"), CancellationToken.None);
        return 1e6
            * info.Text.Split("\r\n")
                .Where(line =>
                    line.StartsWith("used_cpu_user:", StringComparison.Ordinal)
                    || line.StartsWith("used_cpu_sys:", StringComparison.Ordinal)
                )
                .Sum(line =>
                    double.Parse(line.AsSpan(line.IndexOf(':') + 1), CultureInfo.InvariantCulture)
                );
    }

    private static RedisClient NewClient(RedisServer server) =>
        new(RedisOptions.Parse(server.Url), TimeProvider.System, NullLogger<RedisClient>.Instance);
}
