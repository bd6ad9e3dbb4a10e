using System.Collections.Concurrent;
using System.Diagnostics;
using FlowChat.Queues.Redis.Resp;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Redis;

/// <summary>
/// Jobs as entries of Redis Streams, one stream a queue, with companions in the stream's slot. Needs Redis 6.2 or
/// Valkey, <c>noeviction</c>, and keeps what Redis keeps: without a ledger, a job is as safe as its append-only file.
/// Jobs of one call must be of one queue. Jobs that wait behind others of their lane count as waiting even before they
/// are due.
/// </summary>
public sealed partial class RedisQueueBackend : IQueueBackend, IBrokerCheck, IAsyncDisposable
{
    private readonly RedisClient client;
    private readonly RedisQueueOptions names;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly DeadLetterCopy deadLetters;
    private readonly ConcurrentDictionary<string, RedisQueue> queues = new(StringComparer.Ordinal);
    private int disposed;

    /// <summary>Makes the backend; it connects when it is first used.</summary>
    public RedisQueueBackend(
        RedisOptions redis,
        RedisQueueOptions names,
        TimeProvider time,
        ILoggerFactory loggers
    )
    {
        this.names = names;
        this.time = time;
        client = new RedisClient(redis, time, loggers.CreateLogger<RedisClient>());
        logger = loggers.CreateLogger<RedisQueueBackend>();
        deadLetters = new DeadLetterCopy(client, names, logger);
    }

    /// <inheritdoc/>
    public string Broker => "redis";

    internal DeadLetterCopy DeadLetters => deadLetters;

    internal bool Knows(string queue) => queues.ContainsKey(queue);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FindFaultsAsync(CancellationToken cancellationToken) =>
        EvictionPolicy.CheckAsync(client, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask PrepareAsync(QueueOptions queue, CancellationToken cancellationToken)
    {
        await PrepareAsync(Known(queue), cancellationToken);
        foreach (var warning in await EvictionPolicy.CheckAsync(client, cancellationToken))
            Log.Unsafe(logger, queue.Name, warning);
    }

    /// <inheritdoc/>
    public async ValueTask<int> EnqueueAsync(
        IReadOnlyList<Job> jobs,
        CancellationToken cancellationToken
    )
    {
        if (jobs.Count == 0)
            return 0;
        var queue = OneQueue(jobs.Select(job => job.Queue));
        var arguments = new RedisValue[1 + jobs.Count];
        arguments[0] = queue.Capacity;
        var trace = Activity.Current?.Id;
        var ordered = DueOrder.Of(jobs);
        for (var n = 0; n < ordered.Count; n++)
            arguments[1 + n] = PackedJob.Pack(ordered[n], trace);
        var reply = await queue.EvaluateAsync(QueueScripts.Enqueue, arguments, cancellationToken);
        if (reply.Integer < 0)
            throw new QueueFullException(
                $"Queue {queue.Options.Name} is full: {queue.Capacity} jobs."
            );
        foreach (var job in jobs)
            if (job.DueAt is { } due)
                queue.Expect(due - queue.Now);
        return (int)reply.Integer;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(
        QueueOptions queue,
        string worker,
        int max,
        CancellationToken cancellationToken
    )
    {
        var at = Known(queue);
        while (true)
            try
            {
                // What it couldn't hand back before.
                await HandBackAsync(at, worker);
                var (claims, granted) = await ReadAsync(at, worker, max, cancellationToken);
                var jobs = await ToJobsAsync(at, claims);
                return jobs.Length <= granted
                    ? jobs
                    : await HandBackAsync(at, worker, jobs, granted);
            }
            catch (RedisException e) when (e.Code == "UNBLOCKED" || IsWithoutGroup(e))
            {
                // The server lost its data: what comes from now on is read from the beginning.
                await PrepareAsync(at, CancellationToken.None);
            }
            catch (QueueUnavailableException)
            {
                await at.Reader.CloseAsync(worker);
                throw;
            }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlySet<JobLease>> SettleAsync(
        IReadOnlyList<JobSettlement> settlements,
        CancellationToken cancellationToken
    )
    {
        if (settlements.Count == 0)
            return new HashSet<JobLease>();
        var queue = OneQueue(settlements.Select(s => s.Lease.Queue));
        var call = new SettleCall(queue, settlements);
        var reply = await queue.EvaluateAsync(
            QueueScripts.Settle,
            call.Arguments(),
            cancellationToken
        );
        foreach (var settlement in settlements)
            if (settlement.Outcome.Delay is { } delay)
                queue.Expect(delay);
        var held = call.Held(reply);
        var dead = settlements.Where(s =>
            s.Outcome.Kind == JobOutcomeKind.Dead && held.Contains(s.Lease)
        );
        await deadLetters.AddAsync(dead, CancellationToken.None);
        await queue.RememberAsync(
            settlements
                .Where(s => s.Outcome.Kind == JobOutcomeKind.Done && held.Contains(s.Lease))
                .Select(s => s.Lease)
        );
        return held;
    }

    /// <summary>Closes its connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
            return;
        foreach (var queue in queues.Values)
            await queue.DisposeAsync();
        await client.DisposeAsync();
    }

    private async ValueTask PrepareAsync(RedisQueue queue, CancellationToken cancellationToken)
    {
        if (await queue.PrepareAsync(cancellationToken) is var lost and > 0)
            Log.Deleted(logger, queue.Options.Name, lost);
    }

    // Of an error in a script Redis tells the code last, or not at all.
    private static bool IsWithoutGroup(RedisException e) =>
        e.Message.Contains("NOGROUP", StringComparison.Ordinal)
        || e.Message.Contains("no such key", StringComparison.Ordinal);

    private static async ValueTask<ReadJobs> ReadAsync(
        RedisQueue queue,
        string worker,
        int max,
        CancellationToken cancellationToken
    )
    {
        if (cancellationToken.IsCancellationRequested)
        {
            await queue.PromoteAsync(CancellationToken.None);
            return await queue.Reader.ReadAsync(worker, max);
        }
        queue.StartMover();
        return await queue.Reader.WaitAsync(worker, max, cancellationToken);
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
        await SettleAsync(excess, CancellationToken.None);
        queue.Excess.TryRemove(worker, out _);
    }

    private RedisQueue Known(QueueOptions options)
    {
        var queue = queues.GetOrAdd(
            options.Name,
            static (_, made) =>
                new RedisQueue(made.options, made.names, made.client, made.time, made.logger),
            (options, names, client, time, logger)
        );
        queue.Adopt(options);
        return queue;
    }

    private RedisQueue Known(string name) =>
        queues.GetValueOrDefault(name)
        ?? throw new ArgumentException($"Queue {name} was not prepared.", nameof(name));

    private RedisQueue OneQueue(IEnumerable<string> named)
    {
        string? one = null;
        foreach (var name in named)
            if (!string.Equals(one ??= name, name, StringComparison.Ordinal))
                throw new ArgumentException(
                    "Redis changes one queue at a time: all or none can't be promised for two.",
                    nameof(named)
                );
        return Known(one!);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Queue} is not safe: {Warning}")]
        public static partial void Unsafe(ILogger logger, string queue, string warning);

        [LoggerMessage(
            LogLevel.Error,
            "{Count} jobs of {Queue} were deleted in Redis, not by FlowChat"
        )]
        public static partial void Deleted(ILogger logger, string queue, long count);
    }
}
