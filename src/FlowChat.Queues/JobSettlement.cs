namespace FlowChat.Queues;

/// <summary>
/// The end of one run. On its way to a backend it is resolved: never <see cref="JobOutcome.Settled"/>, and a retry
/// always has its delay.
/// </summary>
/// <param name="Lease">The claim that ends.</param>
/// <param name="Outcome">What becomes of the job.</param>
public sealed record JobSettlement(JobLease Lease, JobOutcome Outcome);
