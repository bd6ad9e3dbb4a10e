namespace FlowChat.Live;

/// <summary>All types of the live log. A reader that keeps a copy of the inbox must know each of them.</summary>
internal static class LiveEventType
{
    public const string MessageCreated = "message.created";
    public const string MessageUpdated = "message.updated";
    public const string ConversationUpdated = "conversation.updated";

    /// <summary>Its messages have new places or senders: its thread is loaded afresh. The other one is part of it now.</summary>
    public const string ConversationJoined = "conversation.joined";
    public const string InstanceUpdated = "instance.updated";
    public const string UserUpdated = "user.updated";

    /// <summary>Never written: what a reader gets whose place isn't in the log.</summary>
    public const string Reset = "reset";
}
