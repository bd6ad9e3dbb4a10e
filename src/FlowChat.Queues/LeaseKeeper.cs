using Microsoft.Extensions.Logging;

namespace FlowChat.Queues;

/// <summary>
/// Renews the leases of one worker's jobs after a third of their time. A job whose lease is lost, or can't have been
/// renewed in time because the server was away, is cancelled: another worker may have it.
/// </summary>
internal sealed partial class LeaseKeeper(
    IQueueBackend backend,
    QueueOptions queue,
    RunningJobs running,
    TimeProvider time,
    QueueMetrics metrics,
    ILogger logger
)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(queue.Lease / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await RenewAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }
    }

    // Each partition by itself: the leases of one that is away hold up no others.
    private Task RenewAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            running
                .All.GroupBy(job => job.Lease.Partition)
                .Select(part => RenewAsync([.. part], cancellationToken))
        );

    private async Task RenewAsync(List<RunningJob> jobs, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var tooLate = new CancellationTokenSource(queue.Lease / 3, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            tooLate.Token,
            cancellationToken
        );
        try
        {
            var held = await backend.RenewAsync(
                queue,
                [.. jobs.Select(job => job.Lease)],
                either.Token
            );
            foreach (var job in jobs.Where(job => held.Contains(job.Lease)))
                job.HeldSince = started;
            foreach (var job in jobs.Where(job => !held.Contains(job.Lease)))
                Lose(job);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotRenewed(logger, queue.Name, jobs.Count, e);
            foreach (
                var job in jobs.Where(job => time.GetElapsedTime(job.HeldSince) >= queue.Lease)
            )
                Lose(job);
        }
    }

    private void Lose(RunningJob job)
    {
        // Settled between the look and the renewal is not lost.
        if (job.IsLost || !running.Holds(job))
            return;
        metrics.LostLease(queue.Name);
        Log.Lost(logger, job.Lease.JobId, queue.Name);
        job.Lose();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The lease of job {JobId} of {Queue} is lost")]
        public static partial void Lost(ILogger logger, Guid jobId, string queue);

        [LoggerMessage(
            LogLevel.Warning,
            "The leases of {Count} jobs of {Queue} could not be renewed"
        )]
        public static partial void NotRenewed(
            ILogger logger,
            string queue,
            int count,
            Exception exception
        );
    }
}
