namespace FlowChat.Queues;

/// <summary>A job in the hands of one worker, as the backend gave it out.</summary>
public sealed record ClaimedJob
{
    /// <summary>The claim, to renew and to settle it.</summary>
    public required JobLease Lease { get; init; }

    /// <summary>One JSON value in UTF-8.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>See <see cref="Job.LimitKey"/>.</summary>
    public string? LimitKey { get; init; }

    /// <summary>Whether <see cref="Job.ExpiresAt"/> has passed, by the server's clock.</summary>
    public bool Expired { get; init; }

    /// <summary>When it was added or last requeued, by the server's clock.</summary>
    public DateTimeOffset EnqueuedAt { get; init; }

    /// <summary>How long it was due before it was claimed.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>See <see cref="Job.TraceParent"/>.</summary>
    public string? TraceParent { get; init; }
}
