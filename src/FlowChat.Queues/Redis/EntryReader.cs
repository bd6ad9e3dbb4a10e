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

    // An entry has 16 jobs at most; so few are expected of it at least, lest what comes be far more than was asked for.
    private const double MostPerEntry = 16,
        LeastPerEntry = 4;

    // As of the last look.
    private double jobsPerEntry = MostPerEntry;

    // Whether something was handed back that nobody may have taken yet.
    private volatile bool frontHolds;

    private QueueOptions Options => queue.Options;

    /// <summary>Takes what is there.</summary>
    public async ValueTask<ReadJobs> ReadAsync(string worker, int max)
    {
        if (Options.IsRated)
            return Take(await ReadRatedAsync(worker, max), worker);
        var all = new ReadJobs([], max, [], []);
        while (max - all.Count is var room and > 0)
        {
            var some = await TakeAsync(worker, room);
            if (some.IsEmpty)
                break;
            all.Jobs.AddRange(some.Jobs);
            all.Others.AddRange(some.Others);
            all.Marks.AddRange(some.Marks);
        }
        return all;
    }

    /// <summary>Takes some of what was let go of.</summary>
    public async ValueTask<ReadJobs> TakeAsync(string worker, int max)
    {
        var front = await TakeFrontAsync(worker, max);
        return !front.IsEmpty
            ? front
            : Take(await SendAsync(Read(worker, max, [], queue.Front, queue.Stream)), worker, max);
    }

    /// <summary>Something was handed back.</summary>
    public void ExpectFront() => frontHolds = true;

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
            var front = await TakeFrontAsync(worker, max);
            if (!front.IsEmpty)
                return front;
            var command = Read(
                worker,
                max,
                ["BLOCK", Milliseconds(Options.PollInterval)],
                queue.Front,
                queue.Stream
            );
            return Take(await BlockAsync(worker, command, cancellationToken), worker, max);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new ReadJobs([], 0, [], []);
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

    // Alone, because the count holds for each stream that is read.
    private async ValueTask<ReadJobs> TakeFrontAsync(string worker, int max)
    {
        if (!frontHolds)
            return new ReadJobs([], 0, [], []);
        frontHolds = false;
        return Take(await SendAsync(Read(worker, max, [], queue.Front)), worker, max);
    }

    private ValueTask<RedisReply> SendAsync(RedisCommand command) =>
        client.SendAsync(command, CancellationToken.None);

    private RedisCommand Read(
        string worker,
        int max,
        ReadOnlySpan<RedisValue> block,
        params ReadOnlySpan<RedisValue> streams
    )
    {
        var count = Math.Max(1, (int)(max / Math.Max(LeastPerEntry, jobsPerEntry)));
        RedisValue[] words =
        [
            "GROUP",
            queue.Group,
            worker,
            "COUNT",
            count,
            .. block,
            "STREAMS",
            .. streams,
            ">",
        ];
        return new("XREADGROUP", streams.Length == 1 ? words : [.. words, ">"]);
    }

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
        var read = RedisEntry.ReadAll(streams, queue, worker, granted);
        var jobs = read.Jobs;
        if (jobs.Count > 0)
            jobsPerEntry = (double)jobs.Count / jobs.Count(job => job.Index == 0);
        if (jobs.Exists(job => job.Entry.Stream == EntryStream.Front))
            frontHolds = true;
        return read;
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}

/// <summary>What was read, how many of its jobs may be begun, what is no job, and the marks of an intake to divide.</summary>
internal readonly record struct ReadJobs(
    List<RedisClaim> Jobs,
    int Granted,
    List<OtherEntry> Others,
    List<ReadOnlyMemory<byte>> Marks
)
{
    public int Count => Jobs.Count + Others.Count;

    public bool IsEmpty => Count + Marks.Count == 0;
}
