namespace FlowChat.Queues;

/// <summary>
/// One unit of work. It is done at least once: its handler runs again until it answers with an end
/// (done or dead), or until the last attempt has failed.
/// </summary>
public sealed record Job
{
    /// <summary>
    /// Unique within the tenant while the job lives (a dead one lives until it is discarded): adding it again changes
    /// nothing. Default: a new version 7 id.
    /// </summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>The name of its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>One JSON value in UTF-8. Its meaning is kept, its spelling (spaces, order of names) is not.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>
    /// Jobs of one lane run one after the other in the order in which they were added; a retry keeps its place.
    /// Default: none, the job waits for no other.
    /// </summary>
    public string? Lane { get; init; }

    /// <summary>
    /// Jobs of one key share the queue's <see cref="QueueOptions.KeyConcurrency"/> and <see cref="QueueOptions.KeyRate"/>
    /// and are parked together. Required by queues that set one of them, refused by all others.
    /// </summary>
    public string? LimitKey { get; init; }

    /// <summary>Not claimed before. Default: at once.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>
    /// From then on the job may be claimed even when it is not due or its key is parked, and the handler sees
    /// <see cref="JobContext.Expired"/>: it decides what that means. Default: never.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The tenant it belongs to. Default: <see cref="Guid.Empty"/>, the only one.</summary>
    public Guid TenantId { get; init; }

    /// <summary>The W3C trace that its handler continues. Default: the trace that adds it.</summary>
    public string? TraceParent { get; init; }
}
