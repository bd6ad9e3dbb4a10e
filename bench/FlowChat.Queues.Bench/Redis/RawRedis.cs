using System.Diagnostics;
using System.Globalization;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Bench.Redis;

/// <summary>What the same client and server do without any promise: the ceiling.</summary>
internal sealed class RawRedis(RedisClient client, int jobs)
{
    private const string Stream = "raw",
        Group = "g";
    private const int InFlight = 1000,
        Batch = 100;

    private static CancellationToken Ct => CancellationToken.None;

    /// <summary>XADD, one a job, a thousand in flight.</summary>
    public async Task<double> AddAsync()
    {
        await client.SendAsync(
            new RedisCommand("XGROUP", "CREATE", Stream, Group, "0", "MKSTREAM"),
            Ct
        );
        var watch = Stopwatch.StartNew();
        var pending = new Task[InFlight];
        for (var n = 0; n < jobs; n += InFlight)
        {
            for (var i = 0; i < InFlight; i++)
                pending[i] = client
                    .SendAsync(new RedisCommand("XADD", Stream, "*", "j", Run.Payload), Ct)
                    .AsTask();
            await Task.WhenAll(pending);
        }
        return jobs / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Reads a hundred, then acknowledges and deletes them while the next are read.</summary>
    public async Task<double> DrainAsync()
    {
        var read = new RedisCommand(
            "XREADGROUP",
            ["GROUP", Group, "w", "COUNT", Batch, "STREAMS", Stream, ">"]
        );
        var watch = Stopwatch.StartNew();
        var settling = Task.CompletedTask;
        var done = 0;
        while (done < jobs)
        {
            var entries = (await client.SendAsync(read, Ct))[1];
            RedisValue[] ids = new RedisValue[entries.Count];
            for (var n = 0; n < ids.Length; n++)
                ids[n] = entries[n][0].Bytes;
            await settling;
            settling = Task.WhenAll(
                client.SendAsync(new RedisCommand("XACK", [Stream, Group, .. ids]), Ct).AsTask(),
                client.SendAsync(new RedisCommand("XDEL", [Stream, .. ids]), Ct).AsTask()
            );
            done += ids.Length;
        }
        await settling;
        return jobs / watch.Elapsed.TotalSeconds;
    }

    /// <summary>From the XADD to the reader that waits for it, 500 each second: microseconds, sorted.</summary>
    public async Task<double[]> LatencyAsync(int count)
    {
        await using var reader = await client.OpenBlockingAsync(Stream, Ct);
        var read = new RedisCommand(
            "XREADGROUP",
            ["GROUP", Group, "w", "COUNT", Batch, "BLOCK", 1000, "STREAMS", Stream, ">"]
        );
        var took = new List<double>(count);
        var adding = Pace.RunAsync(
            count,
            _ =>
                client
                    .SendAsync(
                        new RedisCommand("XADD", Stream, "*", "j", Stopwatch.GetTimestamp()),
                        Ct
                    )
                    .AsTask()
        );
        while (took.Count < count)
        {
            var reply = await reader.SendAsync(read, TimeSpan.FromSeconds(1), Ct);
            for (var n = 0; !reply.IsNull && n < reply[1].Count; n++)
                took.Add(
                    Stopwatch
                        .GetElapsedTime(
                            long.Parse(reply[1][n][1][1].Text, CultureInfo.InvariantCulture)
                        )
                        .TotalMicroseconds
                );
        }
        await adding;
        return [.. took.Order()];
    }

    /// <summary>Awaited one by one: microseconds, sorted.</summary>
    public async Task<double[]> OneByOneAsync(int count)
    {
        var took = new double[count];
        for (var n = 0; n < count; n++)
        {
            var started = Stopwatch.GetTimestamp();
            await client.SendAsync(new RedisCommand("XADD", Stream, "*", "j", Run.Payload), Ct);
            took[n] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }
        Array.Sort(took);
        return took;
    }
}
