using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowChat.Testing.Api;

/// <summary>A page of any list.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor, long Seq);

public sealed record MessageError(string Code, string? Text);

public sealed record Sender(string Kind, Guid? Id, string? Name);

public sealed record Message(
    Guid Id,
    Guid ConversationId,
    string? WaId,
    string? ClientMessageId,
    string Direction,
    string Type,
    string? Text,
    string Status,
    MessageError? Error,
    DateTimeOffset SentAt,
    long Arrival,
    Sender? Sender,
    long Version
);

public sealed record Contact(Guid Id, string? Name, string? Phone, long Version);

public sealed record Group(Guid Id, string Jid, string? Name);

public sealed record Conversation(
    Guid Id,
    Guid InstanceId,
    string Kind,
    Contact? Contact,
    Group? Group,
    string Status,
    int UnreadCount,
    Message? LastMessage,
    DateTimeOffset LastActivityAt,
    long Version
);

/// <summary>A WhatsApp number as its creation answers; the secret is shown this once.</summary>
public sealed record Instance(
    Guid Id,
    string Name,
    string State,
    Uri? WebhookUrl,
    string? WebhookSecret
);

public sealed record WebhookAnswer(int Accepted, int Duplicates, int Ignored, int Quarantined);

/// <summary>An entry of the live log; data holds the whole new state of its things.</summary>
public sealed record LiveEvent(long Seq, string Type, DateTimeOffset At, JsonObject Data)
{
    public Message? Message => Data["message"].Deserialize<Message>(FlowChatClient.Json);

    public Conversation? Conversation =>
        Data["conversation"].Deserialize<Conversation>(FlowChatClient.Json);

    public Instance? Instance => Data["instance"].Deserialize<Instance>(FlowChatClient.Json);
}

public sealed record EventPage(IReadOnlyList<LiveEvent> Items, long LastSeq);
