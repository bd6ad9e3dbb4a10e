using System.Globalization;
using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Bench.Redis;

/// <summary>
/// The Redis backend beside BullMQ and beside raw commands, each case on a server of its own with an append-only file
/// written each second.
/// </summary>
internal sealed class RedisBench(int rounds, int jobs, TimeProvider time)
{
    private const string Own = "FlowChat",
        Raw = "raw commands";
    private const int Singles = 5_000;

    private readonly Comparison comparison = new("queues-redis", Own, BullMq.Name, Raw);

    public async Task RunAsync(TextWriter output)
    {
        for (var round = 1; round <= rounds; round++)
        {
            await output.WriteLineAsync($"Round {round} of {rounds}");
            await RatesAsync(5);
            await RatesAsync(100);
            foreach (var handlers in (int[])[5, 100])
            foreach (var lanes in (int[])[1, 1_000, 100_000])
                await OwnRatesAsync($"{handlers} handlers, lanes: {lanes:N0}", lanes, 0, handlers);
            await OwnRatesAsync("100 handlers, limit keys: 500", 0, 500);
            await LatenciesAsync();
            await BytesAsync("a waiting job", lanes: 0);
            await BytesAsync("a job in a lane of its own", lanes: jobs);
            await BytesAsync("a delayed job", lanes: 0, TimeSpan.FromHours(1));
        }
        await comparison.WriteAsync(output, time);
    }

    private async Task RatesAsync(int concurrency)
    {
        var name = $"{concurrency} handlers";
        await OwnRatesAsync(name, 0, 0, concurrency);
        await using (var server = await StartAsync())
        {
            var peer = new BullMq(server, jobs, concurrency);
            Add($"enqueue in batches of 500, {name}", BullMq.Name, await peer.RateAsync("enqueue"));
            Add($"drain, {name}", BullMq.Name, await peer.RateAsync("drain"));
            Add($"enqueue and drain, {name}", BullMq.Name, await peer.RateAsync("together"));
        }
        await using (var server = await StartAsync())
        {
            await using var client = NewClient(server);
            var raw = new RawRedis(client, jobs);
            Add($"enqueue in batches of 500, {name}", Raw, await raw.AddAsync());
            Add($"drain, {name}", Raw, await raw.DrainAsync());
        }
    }

    private async Task OwnRatesAsync(string name, int lanes, int keys, int concurrency = 100)
    {
        await using var server = await StartAsync();
        await using var backend = NewBackend(server);
        var run = new Run(backend, jobs, lanes, keys, concurrency);
        Add($"enqueue in batches of 500, {name}", Own, await run.EnqueueAsync());
        Add($"drain, {name}", Own, await run.DrainAsync());
        Add($"enqueue and drain, {name}", Own, await run.TogetherAsync());
    }

    private async Task LatenciesAsync()
    {
        await using (var server = await StartAsync())
        {
            await using var backend = NewBackend(server);
            var run = new Run(backend, jobs, 0, 0, 5);
            Add("start after enqueue, 500/s", Own, await run.LatencyAsync(Singles));
            Add("enqueue, one by one", Own, await run.OneByOneAsync(Singles));
        }
        await using (var server = await StartAsync())
        {
            var peer = new BullMq(server, Singles, 5);
            Add("start after enqueue, 500/s", BullMq.Name, await peer.LatencyAsync("latency"));
            Add("enqueue, one by one", BullMq.Name, await peer.LatencyAsync("single"));
            var many = new BullMq(server, jobs, 5);
            Add("bytes of a waiting job", BullMq.Name, await many.BytesAsync());
        }
        await using (var server = await StartAsync())
        {
            await using var client = NewClient(server);
            var raw = new RawRedis(client, jobs);
            var before = await MemoryAsync(client);
            await raw.AddAsync();
            Add("bytes of a waiting job", Raw, (await MemoryAsync(client) - before) / jobs);
            await raw.DrainAsync();
            Add("start after enqueue, 500/s", Raw, await raw.LatencyAsync(Singles));
            Add("enqueue, one by one", Raw, await raw.OneByOneAsync(Singles));
        }
    }

    private async Task BytesAsync(string what, int lanes, TimeSpan? delay = null)
    {
        await using var server = await StartAsync();
        await using var client = NewClient(server);
        await using var backend = NewBackend(server);
        var before = await MemoryAsync(client);
        await new Run(backend, jobs, lanes, 0, 5, delay).EnqueueAsync();
        Add($"bytes of {what}", Own, (await MemoryAsync(client) - before) / jobs);
    }

    private void Add(string what, string subject, double value) =>
        comparison.Add(what, subject, value);

    private void Add(string what, string subject, double[] sorted) =>
        Add(what, subject, (sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]));

    private void Add(string what, string subject, (double P50, double P99) micros)
    {
        comparison.Add($"{what}, p50 µs", subject, micros.P50);
        comparison.Add($"{what}, p99 µs", subject, micros.P99);
    }

    private static Task<RedisServer> StartAsync() =>
        RedisServer.StartedAsync(CancellationToken.None, durable: true);

    private static RedisQueueBackend NewBackend(RedisServer server) =>
        new(
            RedisOptions.Parse(server.Url),
            new RedisQueueOptions(),
            TimeProvider.System,
            NullLoggerFactory.Instance
        );

    private static RedisClient NewClient(RedisServer server) =>
        new(RedisOptions.Parse(server.Url), TimeProvider.System, NullLogger<RedisClient>.Instance);

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
}
