namespace FlowChat.Queues;

/// <summary>
/// One claim of one job. <see cref="Token"/> is the fence: it changes with each claim, and only its holder can settle
/// the job, however late.
/// </summary>
/// <param name="TenantId">The job's tenant.</param>
/// <param name="JobId">The job.</param>
/// <param name="Queue">The job's queue.</param>
/// <param name="Lane">The job's lane, if it has one.</param>
/// <param name="Token">The fence.</param>
/// <param name="Attempt">The attempt under way: 1 for the first.</param>
public sealed record JobLease(
    Guid TenantId,
    Guid JobId,
    string Queue,
    string? Lane,
    Guid Token,
    int Attempt
)
{
    /// <summary>What the backend that gave the claim out needs to settle it.</summary>
    internal object? Receipt { get; init; }

    /// <summary>Which part of the backend settles it: one may be away while the others aren't.</summary>
    internal int Partition { get; init; }

    /// <summary>The job's limit key, if it has one: its next jobs may run when this claim ends.</summary>
    internal string? LimitKey { get; init; }

    /// <summary>Whether it is the same claim of the same job.</summary>
    public bool Equals(JobLease? other) =>
        other is not null
        && JobId == other.JobId
        && Token == other.Token
        && TenantId == other.TenantId;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(JobId, Token);
}
