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

    // How many jobs an entry had at the last look: that many times too many entries would be asked for.
    private double jobsPerEntry = 1;

    private QueueOptions Options => queue.Options;

    /// <summary>Takes what is there.</summary>
    public async ValueTask<ReadJobs> ReadAsync(string worker, int max)
    {
        if (Options.IsRated)
            return Take(await ReadRatedAsync(worker, max), worker);
        var all = new List<RedisClaim>();
        while (all.Count < max)
        {
            var command = Read(worker, max - all.Count, block: []);
            var reply = await client.SendAsync(command, CancellationToken.None);
            if (reply.IsNull)
                break;
            all.AddRange(Take(reply, worker, max).Jobs);
        }
        return new ReadJobs(all, max);
    }

    /// <summary>Takes some of what was let go of.</summary>
    public async ValueTask<ReadJobs> TakeAsync(string worker, int max) =>
        Take(
            await client.SendAsync(Read(worker, max, block: []), CancellationToken.None),
            worker,
            max
        );

    /// <summary>Waits up to the poll interval. A cancelled wait returns what it was given until then.</summary>
    public async ValueTask<ReadJobs> WaitAsync(
        string worker,
        int max,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (Options.IsRated)
                return Take(await WaitRatedAsync(worker, max, cancellationToken), worker);
            var command = Read(worker, max, ["BLOCK", Milliseconds(Options.PollInterval)]);
            return Take(await BlockAsync(worker, command, cancellationToken), worker, max);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new ReadJobs([], 0);
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

    // The count holds for each stream, and the front is empty but for what was handed back.
    private RedisCommand Read(string worker, int max, ReadOnlySpan<RedisValue> block) =>
        new(
            "XREADGROUP",
            [
                "GROUP",
                queue.Group,
                worker,
                "COUNT",
                Math.Max(1, (int)(max / jobsPerEntry)),
                .. block,
                "STREAMS",
                queue.Front,
                queue.Stream,
                ">",
                ">",
            ]
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
        if (reply[1].Integer > 0)
            return reply;
        if (reply[2].Integer is var micros and > 0)
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
                [
                    "COUNT",
                    1,
                    "BLOCK",
                    wait,
                    "STREAMS",
                    queue.Front,
                    queue.Stream,
                    queue.Wake,
                    reply[4].Bytes,
                    reply[5].Bytes,
                    reply[6].Bytes,
                ]
            );
            await BlockAsync(worker, news, cancellationToken);
        }
        cancellationToken.ThrowIfCancellationRequested();
        return await ReadRatedAsync(worker, max);
    }

    private async ValueTask<RedisReply> ReadRatedAsync(string worker, int max)
    {
        var reply = await queue.EvaluateAsync(
            QueueScripts.ClaimRated,
            new RedisValue[]
            {
                worker,
                max,
                Options.Rate ?? 0,
                RedisTime.ToMicros(Options.RatePeriod),
            },
            CancellationToken.None
        );
        if (reply[3].Integer is var next and > 0)
            queue.Expect(RedisTime.ToSpan(next));
        return reply;
    }

    private ReadJobs Take(RedisReply rated, string worker) =>
        Take(rated[0], worker, (int)rated[1].Integer);

    private ReadJobs Take(RedisReply streams, string worker, int granted)
    {
        var jobs = RedisEntry.ReadAll(streams, queue, worker);
        if (jobs.Count > 0)
            jobsPerEntry = (double)jobs.Count / jobs.Count(job => job.Index == 0);
        return new ReadJobs(jobs, granted);
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}

/// <summary>What was read, and how many of its jobs may be begun.</summary>
internal readonly record struct ReadJobs(List<RedisClaim> Jobs, int Granted);
