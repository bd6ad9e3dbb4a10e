namespace FlowChat.Messages.Content;

/// <summary>Of <see cref="MessageType.System"/>: what happened in a group or a chat.</summary>
/// <param name="Event">created, joined, left, removed, promoted, demoted, renamed, described, picture or settings; or see <see cref="SystemEvent"/>.</param>
/// <param name="Actor">Who did it; null where that isn't told.</param>
/// <param name="Members">To whom.</param>
/// <param name="Text">The new name or description, the emoji, or how many files an album has.</param>
public sealed record SystemContent(
    string Event,
    SystemMember? Actor,
    IReadOnlyList<SystemMember> Members,
    string? Text
);

public sealed record SystemMember(Guid? ContactId, string? Name, string? Phone);

/// <summary>What people do in a chat, apart from what gateways tell of groups.</summary>
internal static class SystemEvent
{
    public const string Pinned = "pinned";
    public const string Unpinned = "unpinned";
    public const string Kept = "kept";
    public const string Unkept = "unkept";
    public const string Album = "album";

    /// <summary>Nobody here knows for what.</summary>
    public const string Voted = "voted";

    /// <summary>A placeholder's reaction turned out: it is shown at its message, and the placeholder in no thread.</summary>
    public const string Reacted = "reacted";

    /// <summary>The same of a vote, an edit or a removal.</summary>
    public const string Changed = "changed";
}
