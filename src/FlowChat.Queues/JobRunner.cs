using FlowChat.Queues.Postgres;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues;

/// <summary>Runs a handler once and turns whatever happens into one outcome.</summary>
internal sealed partial class JobRunner(
    QueueOptions queue,
    JobDelegate handler,
    TimeProvider time,
    QueueMetrics metrics,
    ILogger logger
)
{
    /// <summary>Is told of jobs that their handlers buried in transactions of their own.</summary>
    public Action<JobLease>? Buried { get; init; }

    /// <returns>The resolved outcome; null when there is nothing to settle any more.</returns>
    public async Task<JobOutcome?> RunAsync(RunningJob job)
    {
        using var span = QueueTraces.StartProcess(job.Claim);
        metrics.Claimed(job.Claim);
        var started = time.GetTimestamp();
        var outcome = await HandleAsync(job);
        var end = outcome?.End ?? JobOutcomeKind.Settled;
        metrics.Ran(job.Claim, time.GetElapsedTime(started), end);
        QueueTraces.End(span, end);
        if (outcome?.Kind != JobOutcomeKind.Settled)
            return outcome;
        if (end == JobOutcomeKind.Dead)
            Buried?.Invoke(job.Lease);
        return null;
    }

    /// <returns>Null: the lease is lost.</returns>
    private async Task<JobOutcome?> HandleAsync(RunningJob job)
    {
        try
        {
            var context = new JobContext(job.Claim, queue.MaxAttempts);
            return Resolve(await handler(job.Claim.Payload, context, job.Cancelled), job.Lease);
        }
        catch (OperationCanceledException) when (job.Cancelled.IsCancellationRequested)
        {
            return job.IsLost ? null : JobOutcome.HandBack;
        }
        catch (Exception e) when (JobLedger.IsLeaseLost(e))
        {
            Log.Fenced(logger, job.Lease.JobId, queue.Name);
            return null;
        }
        catch (Exception e)
        {
            Log.Failed(
                logger,
                job.Lease.JobId,
                queue.Name,
                job.Lease.Attempt,
                queue.MaxAttempts,
                e
            );
            return Resolve(JobOutcome.Retry($"{e.GetType().Name}: {e.Message}"), job.Lease);
        }
    }

    private JobOutcome Resolve(JobOutcome outcome, JobLease lease) =>
        outcome.Resolve(lease.Attempt, queue, Random.Shared);

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Job {JobId} of {Queue} was taken over while its worker slept: its change is not committed"
        )]
        public static partial void Fenced(ILogger logger, Guid jobId, string queue);

        [LoggerMessage(
            LogLevel.Warning,
            "Job {JobId} of {Queue} failed, attempt {Attempt} of {MaxAttempts}"
        )]
        public static partial void Failed(
            ILogger logger,
            Guid jobId,
            string queue,
            int attempt,
            int maxAttempts,
            Exception exception
        );
    }
}
