using FlowChat.Queues.Ledger;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues;

/// <summary>
/// One consumer of a queue: claims jobs for its free slots, runs up to <see cref="QueueOptions.Concurrency"/> handlers at
/// once, renews their leases and settles their outcomes. While the server is away it waits and resumes by itself.
/// </summary>
public sealed partial class QueueWorker : IAsyncDisposable
{
    // A claimed job that nobody began for so long is somebody else's.
    private static readonly TimeSpan BufferTime = TimeSpan.FromSeconds(1);

    // How long handlers have to answer their cancelled token before they are left to their lease's end.
    private static readonly TimeSpan HandBackTime = TimeSpan.FromSeconds(5);

    private readonly IQueueBackend backend;
    private readonly QueueOptions queue;
    private readonly JobRunner runner;
    private readonly JobSettler settler;
    private readonly LeaseKeeper keeper;
    private readonly RunningJobs running = new();
    private readonly JobBuffer buffer;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly CancellationTokenSource claimStop = new();
    private readonly CancellationTokenSource holdStop;
    private Task claiming = Task.CompletedTask;
    private Task settling = Task.CompletedTask;
    private Task keeping = Task.CompletedTask;
    private Task? stopping;
    private bool prepared;
    private volatile bool away;

    /// <summary>Makes a worker; <see cref="StartAsync"/> starts it.</summary>
    /// <param name="backend">Where the jobs are.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="handler">Runs a job.</param>
    /// <param name="time">The clock of waits; times of jobs are the server's.</param>
    /// <param name="metrics">The meters.</param>
    /// <param name="logger">The log.</param>
    public QueueWorker(
        IQueueBackend backend,
        QueueOptions queue,
        JobDelegate handler,
        TimeProvider time,
        QueueMetrics metrics,
        ILogger<QueueWorker> logger
    )
    {
        this.backend = backend;
        this.queue = queue;
        this.time = time;
        this.logger = logger;
        buffer = new JobBuffer(queue, time);
        holdStop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        settler = new JobSettler(backend, queue, running, time, logger);
        keeper = new LeaseKeeper(backend, queue, running, time, metrics, logger);
        runner = new JobRunner(queue, handler, time, metrics, logger)
        {
            Buried = backend is LedgerQueueBackend ledger ? ledger.Buried : null,
        };
    }

    /// <summary>The name that people see: worker-{host}-{process}-{number}.</summary>
    public string Name { get; } = WorkerName.Next();

    /// <summary>Its queue's name.</summary>
    public string Queue => queue.Name;

    /// <summary>Whether it holds jobs or waits for some: not while it can't reach its queue, nor once it has stopped.</summary>
    public bool IsAtWork => running.All.Count > 0 || (!away && !claiming.IsCompleted);

    /// <summary>
    /// Makes the queue known to the backend and starts; while the server is away, the worker does so once it is there.
    /// </summary>
    /// <exception cref="NotSupportedException">The backend can't keep what the queue's options promise.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await backend.PrepareAsync(queue, cancellationToken);
            prepared = true;
        }
        catch (QueueUnavailableException e)
        {
            Log.Interrupted(logger, Name, queue.Name, e);
        }
        settling = settler.RunAsync(holdStop.Token);
        keeping = keeper.RunAsync(holdStop.Token);
        claiming = ClaimAsync(claimStop.Token);
    }

    /// <summary>
    /// Claims no more and lets what runs finish within <paramref name="grace"/>; what hasn't by then is cancelled and
    /// handed back, at no cost of an attempt and for any worker to take at once.
    /// </summary>
    public Task StopAsync(TimeSpan grace)
    {
        // A host's stop and its disposal may come at once: both wait for the same end.
        lock (gate)
            return stopping ??= StopOnceAsync(grace);
    }

    private async Task StopOnceAsync(TimeSpan grace)
    {
        await claimStop.CancelAsync();
        await claiming
            .WaitAsync(HandBackTime, time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Beside the handlers: while the server is away this waits for room among the outcomes.
        var handingBack = HandBackAsync(buffer.Close());
        if (!await buffer.IdleAsync(grace))
            foreach (var job in running.All)
                job.Interrupt();
        var idle = buffer.IdleAsync(HandBackTime);
        await handingBack
            .WaitAsync(HandBackTime, time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!await idle)
            Log.Abandoned(logger, Name, running.All.Count);
        settler.Complete();
        holdStop.CancelAfter(HandBackTime);
        await settling;
        await holdStop.CancelAsync();
        await keeping;
    }

    /// <summary>Stops with no grace.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        claimStop.Dispose();
        holdStop.Dispose();
    }

    private async Task ClaimAsync(CancellationToken cancellationToken)
    {
        var patience = new Patience(time, Random.Shared);
        while (await RoomAsync(cancellationToken) is var room and > 0)
            try
            {
                if (!prepared)
                    await backend.PrepareAsync(queue, cancellationToken);
                prepared = true;
                var claimedAt = time.GetTimestamp();
                var jobs = await backend.ClaimAsync(queue, Name, room, cancellationToken);
                if (!patience.IsFirst)
                    Log.Resumed(logger, Name, queue.Name);
                patience.Reset();
                away = false;
                await BeginAsync([.. jobs.Select(job => running.Hold(job, claimedAt))]);
            }
            catch (Exception e)
            {
                away = true;
                if (patience.IsFirst)
                    Log.Interrupted(logger, Name, queue.Name, e);
                await patience.WaitAsync(cancellationToken);
            }
    }

    /// <returns>How many to claim; none once the worker stops.</returns>
    private async Task<int> RoomAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (buffer.Room is var room and > 0)
                return room;
            await HandBackAsync(await buffer.WaitAsync(BufferTime, cancellationToken));
        }
        return 0;
    }

    private async Task BeginAsync(IReadOnlyList<RunningJob> jobs)
    {
        if (claimStop.IsCancellationRequested)
        {
            await HandBackAsync(jobs);
            return;
        }
        for (var more = buffer.Add(jobs); more > 0; more--)
            _ = Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        while (buffer.Take() is { } job)
        {
            var started = time.GetTimestamp();
            var outcome = await runner.RunAsync(job);
            buffer.Took(started);
            if (outcome is null)
                running.LetGo(job.Lease);
            else
                await settler.AddAsync(new JobSettlement(job.Lease, outcome));
        }
    }

    private async Task HandBackAsync(IReadOnlyList<RunningJob> jobs)
    {
        foreach (var job in jobs)
            await settler.AddAsync(new JobSettlement(job.Lease, JobOutcome.HandBack));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Worker} can't claim from {Queue} and keeps trying")]
        public static partial void Interrupted(
            ILogger logger,
            string worker,
            string queue,
            Exception exception
        );

        [LoggerMessage(LogLevel.Information, "{Worker} claims from {Queue} again")]
        public static partial void Resumed(ILogger logger, string worker, string queue);

        [LoggerMessage(
            LogLevel.Warning,
            "{Worker} stops while {Count} handlers ignore it; their leases will end"
        )]
        public static partial void Abandoned(ILogger logger, string worker, int count);
    }
}
