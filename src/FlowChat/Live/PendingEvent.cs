using FlowChat.Conversations;
using FlowChat.Instances;
using FlowChat.Messages;

namespace FlowChat.Live;

/// <summary>An event before it has its seq.</summary>
internal sealed record PendingEvent(string Type, Guid? InstanceId, string Data);

internal sealed record MessageEvent(MessageView Message, ConversationView Conversation);

internal sealed record ConversationEvent(ConversationView Conversation);

internal sealed record InstanceEvent(InstanceView Instance);
