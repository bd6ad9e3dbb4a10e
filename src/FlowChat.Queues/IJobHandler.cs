namespace FlowChat.Queues;

/// <summary>Does the work of one queue. Made anew, in a scope of its own, for each run.</summary>
/// <typeparam name="TPayload">What a job of the queue carries, as JSON with snake_case names.</typeparam>
public interface IJobHandler<in TPayload>
{
    /// <summary>
    /// Runs one job. An exception counts as <see cref="JobOutcome.Retry"/>.
    /// </summary>
    /// <param name="payload">The job's payload.</param>
    /// <param name="context">The run.</param>
    /// <param name="cancellationToken">
    /// Cancelled when the lease is lost (what the handler then answers counts only if nobody took the job over) and at shutdown after the grace
    /// time: an <see cref="OperationCanceledException"/> then hands the job back without costing an attempt.
    /// </param>
    ValueTask<JobOutcome> HandleAsync(
        TPayload payload,
        JobContext context,
        CancellationToken cancellationToken
    );
}

/// <summary>Runs one job from its raw payload; see <see cref="IJobHandler{TPayload}"/>.</summary>
public delegate ValueTask<JobOutcome> JobDelegate(
    ReadOnlyMemory<byte> payload,
    JobContext context,
    CancellationToken cancellationToken
);
