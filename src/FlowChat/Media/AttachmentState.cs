namespace FlowChat.Media;

/// <summary>Whether an attachment's bytes are here.</summary>
internal static class AttachmentState
{
    /// <summary>They are being fetched.</summary>
    public const string Pending = "pending";
    public const string Ready = "ready";

    /// <summary>They can't be had; somebody may ask again.</summary>
    public const string Unavailable = "unavailable";
}
