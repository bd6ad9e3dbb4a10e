using Microsoft.Extensions.Logging;

namespace FlowChat.Queues;

/// <summary>
/// Gives the jobs of workers that died a new life once their lease has passed: at once after a first attempt, after a
/// later one with the queue's back-off, so that those that were merely fetched beside a job that kills its worker get
/// apart from it. Dead when that was their last attempt, so that none kills workers for ever. Any number of processes
/// may run it.
/// </summary>
public sealed partial class AbandonedJobRescuer(
    IQueueBackend backend,
    QueueOptions queue,
    TimeProvider time,
    QueueMetrics metrics,
    ILogger<AbandonedJobRescuer> logger
)
{
    private const int BatchSize = 100;

    private readonly string name = WorkerName.Next();

    /// <summary>Rescues at once and then every quarter of a lease.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(queue.Lease / 4, time);
        try
        {
            do
            {
                try
                {
                    await RunOnceAsync(cancellationToken);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    Log.Failed(logger, queue.Name, e);
                }
            } while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }
    }

    /// <summary>Rescues what is abandoned now, and trims the history.</summary>
    /// <returns>How many jobs are available again, and how many are dead.</returns>
    public async Task<RescueCounts> RunOnceAsync(CancellationToken cancellationToken)
    {
        var (returned, dead) = (0, 0);
        IReadOnlyList<ClaimedJob> abandoned;
        do
        {
            abandoned = await backend.MaintainAsync(queue, name, BatchSize, cancellationToken);
            var settlements = abandoned
                .Select(job => new JobSettlement(
                    job.Lease,
                    Decide(job.Lease.Attempt, queue.MaxAttempts)
                        .Resolve(job.Lease.Attempt, queue, Random.Shared)
                ))
                .ToList();
            // Taken over and not settled they would wait for the end of one more lease.
            var held = await backend.SettleAsync(settlements, CancellationToken.None);
            var died = settlements.Count(s =>
                s.Outcome.Kind == JobOutcomeKind.Dead && held.Contains(s.Lease)
            );
            dead += died;
            returned += held.Count - died;
        } while (abandoned.Count == BatchSize);
        var counts = new RescueCounts(returned, dead);
        metrics.Rescued(queue.Name, counts);
        if (returned + dead > 0)
            Log.Rescued(logger, queue.Name, returned, dead);
        return counts;
    }

    internal static JobOutcome Decide(int attempt, int maxAttempts) =>
        attempt < maxAttempts
            ? JobOutcome.Retry("The worker died.", attempt == 1 ? TimeSpan.Zero : null)
            : JobOutcome.Dead(
                $"The worker died, as often as the job may be tried ({maxAttempts})."
            );

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Jobs of dead workers in {Queue}: {Returned} run again, {Dead} are dead"
        )]
        public static partial void Rescued(ILogger logger, string queue, int returned, int dead);

        [LoggerMessage(
            LogLevel.Warning,
            "Looking for abandoned jobs of {Queue} failed; it is repeated"
        )]
        public static partial void Failed(ILogger logger, string queue, Exception exception);
    }
}

/// <summary>What one rescue did.</summary>
public sealed record RescueCounts(int Returned, int Dead);
