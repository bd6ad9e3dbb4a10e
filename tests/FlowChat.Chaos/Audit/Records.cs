namespace FlowChat.Chaos.Audit;

internal enum Way
{
    In,
    Out,
}

/// <summary>A message that a client began to tell FlowChat of.</summary>
/// <param name="Way">From a contact, or from an agent.</param>
/// <param name="Thread">The conversation that it belongs to.</param>
/// <param name="Number">Its place in the thread, by its way.</param>
/// <param name="Text">Which no other message has.</param>
/// <param name="Hash">Of its file's bytes; null = it has none.</param>
internal sealed record Attempt(Way Way, Guid Thread, int Number, string Text, string? Hash)
{
    /// <summary>It was answered with a 2xx.</summary>
    public bool IsAcknowledged { get; set; }
}

/// <summary>A row of FlowChat's.</summary>
internal sealed record StoredMessage(
    Guid Id,
    Guid Thread,
    Way Way,
    string Text,
    string Status,
    DateTimeOffset SentAt,
    long Arrival
)
{
    /// <summary>Of its file's bytes, as they are served; null = it has no file, or none that can be had.</summary>
    public string? Hash { get; init; }
}

/// <summary>What a contact's phone got, in the order of the effects.</summary>
internal sealed record GatewaySend(Guid Thread, string Text, string? Hash);
