using System.Text.Json;
using FlowChat.Contacts;
using FlowChat.Conversations;
using FlowChat.Instances;
using FlowChat.Json;
using FlowChat.Messages;
using FlowChat.Messages.Content;

namespace FlowChat.Live;

/// <summary>An event before it has its seq.</summary>
internal sealed record PendingEvent(LiveEventType Type, Guid? InstanceId, string Data)
{
    public static PendingEvent Of<T>(LiveEventType type, Guid? instanceId, T data) =>
        new(type, instanceId, JsonSerializer.Serialize(data, FlowChatJson.Options));
}

internal sealed record MessageEvent(MessageView Message, ConversationView Conversation);

internal sealed record ConversationEvent(ConversationView Conversation);

/// <summary>JoinedId is the conversation that is part of this one now; null where only senders of a group were joined.</summary>
internal sealed record ConversationJoinedEvent(Guid? JoinedId, ConversationView Conversation);

/// <summary>Passes by: it has no place in the log.</summary>
internal sealed record TypingEvent(Guid ConversationId, SystemMember Contact, string State);

internal sealed record ContactEvent(ContactView Contact);

internal sealed record InstanceEvent(InstanceView Instance);
