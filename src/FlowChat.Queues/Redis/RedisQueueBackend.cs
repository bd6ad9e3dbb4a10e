using System.Collections.Concurrent;
using System.Diagnostics;
using FlowChat.Queues.Redis.Resp;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Redis;

/// <summary>
/// Jobs as entries of Redis Streams, one stream a queue or a partition of it, with companions in the stream's slot. Needs Redis 6.2 or
/// Valkey, <c>noeviction</c>, and keeps what Redis keeps: without a ledger, a job is as safe as its append-only file.
/// Jobs of one call must be of one queue. Jobs that wait behind others of their lane count as waiting even before they
/// are due. All or none holds within a partition: what a failed call did there isn't undone, and repeating it is safe.
/// </summary>
public sealed partial class RedisQueueBackend : IQueueBackend, IBrokerCheck, IAsyncDisposable
{
    private readonly RedisClient client;
    private readonly RedisQueueOptions names;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly DeadLetterFeed deadLetterFeed;
    private readonly ConcurrentDictionary<string, RedisPartitions> queues = new(
        StringComparer.Ordinal
    );
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
        DeadLetters = new DeadLetterCopy(client, names);
        deadLetterFeed = new DeadLetterFeed(DeadLetters, logger);
    }

    /// <inheritdoc/>
    public string Broker => "redis";

    internal DeadLetterCopy DeadLetters { get; }

    private IEnumerable<string> AllStreams => queues.Values.SelectMany(queue => queue.Streams);

    internal bool Knows(string queue) => queues.ContainsKey(queue);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> FindFaultsAsync(
        CancellationToken cancellationToken
    )
    {
        var faults = new List<string>(
            await EvictionPolicy.CheckAsync(client, [.. queues.Values], cancellationToken)
        );
        foreach (var queue in queues.Values)
            faults.AddRange(await FindOthersAsync(queue, cancellationToken));
        return faults;
    }

    /// <inheritdoc/>
    public async ValueTask PingAsync(CancellationToken cancellationToken) =>
        await client.SendToOwnersAsync(new RedisCommand("PING"), AllStreams, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask PrepareAsync(QueueOptions queue, CancellationToken cancellationToken)
    {
        RefuseLimits(queue);
        var at = Known(queue);
        await PrepareAsync(at, cancellationToken);
        foreach (var warning in await EvictionPolicy.CheckAsync(client, [at], cancellationToken))
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
        if (queue.Options.Partitions == 1)
            return await EnqueueAsync(queue.First, jobs, cancellationToken);
        var added = await Task.WhenAll(
            jobs.GroupBy(queue.Of)
                .Select(part => EnqueueAsync(part.Key, [.. part], cancellationToken))
        );
        return added.Sum();
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(
        QueueOptions queue,
        string worker,
        int max,
        CancellationToken cancellationToken
    )
    {
        var at = Known(queue);
        return cancellationToken.IsCancellationRequested
                ? GatherAsync(
                    at,
                    max,
                    (part, room) => ClaimAsync(part, worker, () => LookAsync(part, worker, room))
                )
            : at.All.Count > 1 && !queue.IsLimited
                ? TakeTurnAsync(at, worker, max, cancellationToken)
            : ClaimAsync(
                at.First,
                worker,
                () => WaitAsync(at.First, worker, max, cancellationToken)
            );
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
        if (queue.All.Count == 1)
            return await SettleAsync(queue.First, settlements, cancellationToken);
        var held = await Task.WhenAll(
            settlements
                .GroupBy(s => RedisClaim.Of(s.Lease).Entry.Partition)
                .Select(part => SettleAsync(queue.All[part.Key], [.. part], cancellationToken))
        );
        return held.SelectMany(leases => leases).ToHashSet();
    }

    /// <summary>Closes its connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
            return;
        foreach (var queue in queues.Values)
            await queue.DisposeAsync();
        await deadLetterFeed.DisposeAsync();
        await client.DisposeAsync();
    }

    private static async Task<int> EnqueueAsync(
        RedisQueue queue,
        IReadOnlyList<Job> jobs,
        CancellationToken cancellationToken
    )
    {
        var reply = await queue.EvaluateAsync(
            QueueScripts.Enqueue,
            EnqueueCall.Arguments(
                DueOrder.Of(jobs),
                Activity.Current?.Id,
                queue.Capacity,
                queue.LeastForIntake
            ),
            cancellationToken
        );
        if (reply.Integer < 0)
            throw new QueueFullException(
                $"Queue {queue.Options.Name} is full: {queue.Capacity} jobs."
            );
        foreach (var job in jobs)
            if (job.DueAt is { } due)
                queue.Expect(due - queue.Now);
        return (int)reply.Integer;
    }

    private async Task<HashSet<JobLease>> SettleAsync(
        RedisQueue queue,
        IReadOnlyList<JobSettlement> settlements,
        CancellationToken cancellationToken
    )
    {
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
        deadLetterFeed.Add(
            settlements.Where(s => s.Outcome.Kind == JobOutcomeKind.Dead && held.Contains(s.Lease))
        );
        await queue.RememberAsync(
            settlements
                .Where(s => s.Outcome.Kind == JobOutcomeKind.Done && held.Contains(s.Lease))
                .Select(s => s.Lease)
        );
        return held;
    }

    private async ValueTask PrepareAsync(RedisQueue queue, CancellationToken cancellationToken)
    {
        if (await queue.PrepareAsync(cancellationToken) is var lost and > 0)
            Log.Deleted(logger, queue.Options.Name, lost);
    }

    private RedisPartitions Known(QueueOptions options)
    {
        var queue = queues.GetOrAdd(
            options.Name,
            static (_, made) => made.Backend.NewQueue(made.Options),
            (Backend: this, Options: options)
        );
        queue.Adopt(options);
        return queue;
    }

    private RedisPartitions Known(string name) =>
        queues.GetValueOrDefault(name)
        ?? throw new ArgumentException($"Queue {name} was not prepared.", nameof(name));

    private RedisPartitions OneQueue(IEnumerable<string> named)
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

        [LoggerMessage(LogLevel.Error, "{Queue} has a dead letter: {Reason}")]
        public static partial void Other(ILogger logger, string queue, string reason);

        [LoggerMessage(
            LogLevel.Warning,
            "What another program wrote into the stream of {Queue} can't be buried now; it is tried again"
        )]
        public static partial void OthersLeft(ILogger logger, string queue, Exception exception);
    }
}
