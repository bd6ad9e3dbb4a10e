namespace FlowChat.Live;

/// <summary>All types of the live log, and nothing else can be written to it. A reader that keeps a copy of the inbox must know each.</summary>
internal sealed class LiveEventType
{
    public static readonly LiveEventType MessageCreated = new("message.created");
    public static readonly LiveEventType MessageUpdated = new("message.updated");
    public static readonly LiveEventType ConversationUpdated = new("conversation.updated");

    /// <summary>Its messages have new places or senders: its thread is loaded afresh. The other one is part of it now.</summary>
    public static readonly LiveEventType ConversationJoined = new("conversation.joined");

    /// <summary>Who shows somebody beside their own conversations, as a group's thread does, learns of it here.</summary>
    public static readonly LiveEventType ContactUpdated = new("contact.updated");
    public static readonly LiveEventType InstanceUpdated = new("instance.updated");
    public static readonly LiveEventType UserUpdated = new("user.updated");

    private LiveEventType(string name) => Name = name;

    public string Name { get; }
}
