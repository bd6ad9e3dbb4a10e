using System.Collections.Concurrent;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>Takes new entries of a queue for this process's workers, each of which waits on a connection of its own.</summary>
internal sealed class EntryReader(RedisQueue queue, RedisClient client, TimeProvider time)
    : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RedisBlockingConnection> connections = new(
        StringComparer.Ordinal
    );

    private QueueOptions Options => queue.Options;

    /// <returns>A list of entries; null for none.</returns>
    public async ValueTask<RedisReply> ReadAsync(string worker, int max)
    {
        if (Options.Rate is not null)
            return (await ReadRatedAsync(worker, max))[0];
        return EntriesOf(
            await client.SendAsync(Read(worker, max, block: []), CancellationToken.None)
        );
    }

    /// <summary>Waits up to the poll interval. A cancelled wait returns what it was given until then.</summary>
    public async ValueTask<RedisReply> WaitAsync(
        string worker,
        int max,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (Options.Rate is not null)
                return await WaitRatedAsync(worker, max, cancellationToken);
            var command = Read(worker, max, ["BLOCK", Milliseconds(Options.PollInterval)]);
            return EntriesOf(await BlockAsync(worker, command, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return RedisReply.Null;
        }
        finally
        {
            // A worker whose wait was cancelled stops.
            if (cancellationToken.IsCancellationRequested)
                await CloseAsync(worker);
        }
    }

    /// <summary>After a failure, for a new connection.</summary>
    public async ValueTask CloseAsync(string worker)
    {
        if (connections.TryRemove(worker, out var connection))
            await connection.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in connections.Keys)
            await CloseAsync(worker);
    }

    private RedisCommand Read(string worker, int max, ReadOnlySpan<RedisValue> block) =>
        new(
            "XREADGROUP",
            ["GROUP", queue.Group, worker, "COUNT", max, .. block, "STREAMS", queue.Stream, ">"]
        );

    private async ValueTask<RedisReply> BlockAsync(
        string worker,
        RedisCommand command,
        CancellationToken cancellationToken
    )
    {
        var connection =
            connections.GetValueOrDefault(worker)
            ?? (
                connections[worker] = await client.OpenBlockingAsync(
                    queue.Stream,
                    cancellationToken
                )
            );
        return await connection.SendAsync(command, Options.PollInterval, cancellationToken);
    }

    /// <summary>A script can't wait: what it says it lacks is waited for here, without taking anything.</summary>
    private async ValueTask<RedisReply> WaitRatedAsync(
        string worker,
        int max,
        CancellationToken cancellationToken
    )
    {
        var reply = await ReadRatedAsync(worker, max);
        if (reply[0].Count > 0)
            return reply[0];
        if (reply[1].Integer is var micros and > 0)
        {
            var wait = RedisTime.ToSpan(micros);
            var longest = Options.PollInterval;
            await Task.Delay(wait < longest ? wait : longest, time, cancellationToken);
        }
        else
        {
            var wait = Milliseconds(Options.PollInterval);
            var news = new RedisCommand(
                "XREAD",
                ["COUNT", 1, "BLOCK", wait, "STREAMS", queue.Stream, reply[2].Bytes]
            );
            await BlockAsync(worker, news, cancellationToken);
        }
        cancellationToken.ThrowIfCancellationRequested();
        return (await ReadRatedAsync(worker, max))[0];
    }

    private ValueTask<RedisReply> ReadRatedAsync(string worker, int max) =>
        queue.EvaluateAsync(
            QueueScripts.ClaimRated,
            new RedisValue[]
            {
                worker,
                max,
                Options.Rate!.Value,
                RedisTime.ToMicros(Options.RatePeriod),
            },
            CancellationToken.None
        );

    // RESP3 answers a map of streams, RESP2 a list of pairs.
    private static RedisReply EntriesOf(RedisReply reply) =>
        reply.IsNull || reply.Count == 0 ? RedisReply.Null
        : reply.Kind == RedisKind.Map ? reply[1]
        : reply[0][1];

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
