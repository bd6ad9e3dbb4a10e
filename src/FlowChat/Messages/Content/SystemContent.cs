namespace FlowChat.Messages.Content;

/// <summary>Of <see cref="MessageType.System"/>: what happened in a group.</summary>
/// <param name="Event">created, joined, left, removed, promoted, demoted, renamed, described, picture or settings.</param>
/// <param name="Actor">Who did it; null where that isn't told.</param>
/// <param name="Members">To whom.</param>
/// <param name="Text">The new name or description.</param>
public sealed record SystemContent(
    string Event,
    SystemMember? Actor,
    IReadOnlyList<SystemMember> Members,
    string? Text
);

public sealed record SystemMember(Guid? ContactId, string? Name, string? Phone);
