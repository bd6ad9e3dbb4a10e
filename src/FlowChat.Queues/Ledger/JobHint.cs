namespace FlowChat.Queues;

/// <summary>
/// Where a committed change may have made a job available. It may name too much, never too little: who is told looks in
/// PostgreSQL.
/// </summary>
/// <param name="Queue">The queue. Alone it means: something of it that became due just now.</param>
public sealed record JobHint(string Queue)
{
    /// <summary>The tenant of what is named.</summary>
    public Guid TenantId { get; private init; }

    /// <summary>The job itself.</summary>
    public Guid? JobId { get; private init; }

    /// <summary>The first job of the lane.</summary>
    public string? Lane { get; private init; }

    /// <summary>The next jobs of the key.</summary>
    public string? LimitKey { get; private init; }

    /// <summary>Whether the job is known to be available as soon as it exists.</summary>
    internal bool IsCertain { get; private init; }

    /// <summary>Whether the job is new: if another goes before it, that one was hinted at already.</summary>
    internal bool IsAdded { get; private init; }

    internal bool IsOnlyQueue => (JobId, Lane, LimitKey) is (null, null, null);

    /// <summary>A job that was added.</summary>
    public static JobHint Of(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return new(job.Queue)
        {
            TenantId = job.TenantId,
            JobId = job.Id,
            Lane = job.Lane,
            LimitKey = job.LimitKey,
            IsCertain = job is { Lane: null, LimitKey: null, DueAt: null },
            IsAdded = true,
        };
    }

    /// <summary>A lease that was settled: the job again, or the next of its lane and of its key.</summary>
    public static JobHint Of(JobLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return new(lease.Queue)
        {
            TenantId = lease.TenantId,
            JobId = lease.JobId,
            Lane = lease.Lane,
            LimitKey = lease.LimitKey,
        };
    }

    /// <summary>A lease whose job has ended: the next of its lane and of its key.</summary>
    internal static JobHint After(JobLease lease) => Of(lease) with { JobId = null };

    /// <summary>A key that was resumed.</summary>
    public static JobHint Of(LimitKey key) =>
        new(key.Queue) { TenantId = key.TenantId, LimitKey = key.Key };

    /// <summary>A lane that others were joined to.</summary>
    public static JobHint OfLane(string queue, Guid tenantId, string lane) =>
        new(queue) { TenantId = tenantId, Lane = lane };

    /// <summary>A job of which only the id is known: one that was woken or requeued.</summary>
    public static JobHint Of(string queue, Guid tenantId, Guid jobId) =>
        new(queue) { TenantId = tenantId, JobId = jobId };
}
