namespace FlowChat.Queues;

/// <summary>What a handler knows about the run it is in.</summary>
public sealed class JobContext
{
    internal JobContext(ClaimedJob job, int maxAttempts)
    {
        Lease = job.Lease;
        LimitKey = job.LimitKey;
        Expired = job.Expired;
        EnqueuedAt = job.EnqueuedAt;
        MaxAttempts = maxAttempts;
    }

    /// <summary>The claim: hand it to the ledger to settle the job in the handler's own transaction.</summary>
    public JobLease Lease { get; }

    /// <summary>The job's id.</summary>
    public Guid JobId => Lease.JobId;

    /// <summary>The job's queue.</summary>
    public string Queue => Lease.Queue;

    /// <summary>The job's lane, if it has one.</summary>
    public string? Lane => Lease.Lane;

    /// <summary>The job's limit key, if it has one.</summary>
    public string? LimitKey { get; }

    /// <summary>The job's tenant.</summary>
    public Guid TenantId => Lease.TenantId;

    /// <summary>Which attempt this is: 1 for the first. Above 1, an earlier run may have had its effect.</summary>
    public int Attempt => Lease.Attempt;

    /// <summary>How many attempts the job has, the first included.</summary>
    public int MaxAttempts { get; }

    /// <summary>Whether a failure now makes the job dead.</summary>
    public bool IsLastAttempt => Attempt >= MaxAttempts;

    /// <summary>Whether <see cref="Job.ExpiresAt"/> has passed.</summary>
    public bool Expired { get; }

    /// <summary>When the job was added or last requeued.</summary>
    public DateTimeOffset EnqueuedAt { get; }
}
