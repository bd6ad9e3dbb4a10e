namespace FlowChat.Operations.Custody;

/// <summary>Work that is nowhere it would be done from.</summary>
/// <param name="TenantId">Whose.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Id">The message, its change, the attachment or the job.</param>
/// <param name="Queue">The queue that it belongs to.</param>
internal sealed record Stray(Guid TenantId, string Kind, Guid Id, string Queue)
{
    /// <summary>A message that is to be sent, and no job that would.</summary>
    public const string QueuedSend = "queued_send";

    /// <summary>A message in the hands of a worker, and no job that says so.</summary>
    public const string OpenSend = "open_send";

    /// <summary>A reaction, an edit or a deletion that WhatsApp is to have, and no job that would bring it.</summary>
    public const string QueuedChange = "queued_change";

    /// <summary>A medium that is to be fetched, and no job that would.</summary>
    public const string PendingMedium = "pending_medium";

    /// <summary>A lane whose first job waits for another.</summary>
    public const string HeadlessLane = "headless_lane";

    /// <summary>A job whose worker is long gone, and that nobody has taken over.</summary>
    public const string OldLease = "old_lease";

    public static readonly IReadOnlyList<string> Kinds =
    [
        QueuedSend,
        OpenSend,
        QueuedChange,
        PendingMedium,
        HeadlessLane,
        OldLease,
    ];

    /// <summary>Of a job in a lane.</summary>
    public string? Lane { get; init; }

    /// <summary>Of a send, of a change and of a medium.</summary>
    public Guid? MessageId { get; init; }
}
