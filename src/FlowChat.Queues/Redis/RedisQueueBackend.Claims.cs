using System.Runtime.ExceptionServices;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

public sealed partial class RedisQueueBackend
{
    /// <summary>Claims in all partitions. One that is away doesn't keep the others' jobs from being given out.</summary>
    private static async ValueTask<IReadOnlyList<ClaimedJob>> GatherAsync(
        RedisPartitions queue,
        int max,
        Func<RedisQueue, int, ValueTask<IReadOnlyList<ClaimedJob>>> claim
    )
    {
        var found = new List<ClaimedJob>();
        ExceptionDispatchInfo? failure = null;
        foreach (var part in queue.All)
            try
            {
                if (max - found.Count is var room and > 0)
                    found.AddRange(await claim(part, room));
            }
            catch (Exception e) when (e is QueueUnavailableException or OperationCanceledException)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        if (found.Count == 0)
            failure?.Throw();
        return found;
    }

    private async ValueTask<IReadOnlyList<ClaimedJob>> TakeTurnAsync(
        RedisPartitions queue,
        string worker,
        int max,
        CancellationToken cancellationToken
    )
    {
        while (await queue.NextAsync(cancellationToken) is { } turn)
        {
            IReadOnlyList<ClaimedJob> jobs;
            try
            {
                if (turn.TakeFailure() is { } failure)
                    throw new QueueUnavailableException("A partition is away.", failure);
                jobs = await ClaimAsync(
                    turn.Queue,
                    worker,
                    () => TakeAsync(turn.Queue, worker, max)
                );
            }
            catch
            {
                queue.PassLater(turn);
                throw;
            }
            if (jobs.Count > 0)
            {
                queue.Pass(turn);
                return jobs;
            }
            queue.PassOnNews(turn);
        }
        return [];
    }

    private async ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(
        RedisQueue queue,
        string worker,
        Func<ValueTask<ReadJobs>> read
    )
    {
        while (true)
            try
            {
                // What it couldn't hand back before.
                await HandBackAsync(queue, worker);
                await DivideAsync(queue, []);
                var found = await read();
                await BuryAsync(queue, found.Others);
                await DivideAsync(queue, found.Marks);
                if (found is { Jobs.Count: 0, IsEmpty: false })
                    continue;
                var jobs = await ToJobsAsync(queue, found.Jobs);
                return jobs.Length <= found.Granted
                    ? jobs
                    : await HandBackAsync(queue, worker, jobs, found.Granted);
            }
            catch (RedisException e) when (e.Code == "UNBLOCKED" || IsWithoutGroup(e))
            {
                // The server lost its data: what comes from now on is read from the beginning.
                await PrepareAsync(queue, CancellationToken.None);
            }
            catch (QueueUnavailableException)
            {
                await queue.Reader.CloseAsync(worker);
                throw;
            }
    }

    private static async ValueTask DivideAsync(RedisQueue queue, List<ReadOnlyMemory<byte>> marks)
    {
        try
        {
            await queue.DivideAsync(marks);
        }
        catch (Exception e) when (e is QueueUnavailableException or RedisException)
        {
            // The next claim begins with it.
        }
    }

    // Of an error in a script Redis tells the code last, or not at all.
    private static bool IsWithoutGroup(RedisException e) =>
        e.Message.Contains("NOGROUP", StringComparison.Ordinal)
        || e.Message.Contains("no such key", StringComparison.Ordinal);

    private static async ValueTask<ReadJobs> LookAsync(RedisQueue queue, string worker, int max)
    {
        await queue.PromoteAsync(CancellationToken.None);
        return await queue.Reader.ReadAsync(worker, max);
    }

    private static ValueTask<ReadJobs> TakeAsync(RedisQueue queue, string worker, int max)
    {
        queue.StartMover();
        return queue.Reader.TakeAsync(worker, max);
    }

    private static ValueTask<ReadJobs> WaitAsync(
        RedisQueue queue,
        string worker,
        int max,
        CancellationToken cancellationToken
    )
    {
        queue.StartMover();
        return queue.Reader.WaitAsync(worker, max, cancellationToken);
    }

    private static async ValueTask<ClaimedJob[]> ToJobsAsync(
        RedisQueue queue,
        List<RedisClaim> claims
    )
    {
        // Whether a job has expired is judged by the server's clock, which costs a call only when one may have.
        if (claims.Exists(claim => claim.Job.ExpiresMicros is not null))
            await queue.LookAtClockAsync();
        var now = queue.Now;
        var jobs = new ClaimedJob[claims.Count];
        for (var n = 0; n < jobs.Length; n++)
            jobs[n] = claims[n].ToJob(queue.Options.Name, now);
        return jobs;
    }

    // An entry's jobs come together. Those that nobody here has room for go to whoever has.
    private async ValueTask<ClaimedJob[]> HandBackAsync(
        RedisQueue queue,
        string worker,
        ClaimedJob[] jobs,
        int room
    )
    {
        queue.Excess[worker] =
        [
            .. jobs.Skip(room).Select(job => new JobSettlement(job.Lease, JobOutcome.HandBack)),
        ];
        try
        {
            await HandBackAsync(queue, worker);
        }
        catch (Exception e) when (e is QueueUnavailableException or RedisException)
        {
            // The next claim begins with it.
        }
        return jobs[..room];
    }

    private async ValueTask HandBackAsync(RedisQueue queue, string worker)
    {
        if (!queue.Excess.TryGetValue(worker, out var excess))
            return;
        await SettleAsync(queue, excess, CancellationToken.None);
        queue.Excess.TryRemove(worker, out _);
        queue.Reader.ExpectFront();
    }
}
