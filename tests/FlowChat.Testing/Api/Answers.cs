using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowChat.Testing.Api;

/// <summary>A page of any list.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor, long Seq)
{
    /// <summary>Of a thread's page around a message.</summary>
    public string? NewerCursor { get; init; }
}

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
)
{
    public JsonObject? Content { get; init; }
    public Quote? ReplyTo { get; init; }
    public IReadOnlyList<Mention> Mentions { get; init; } = [];
    public IReadOnlyList<Reaction> Reactions { get; init; } = [];
    public IReadOnlyList<Attachment> Attachments { get; init; } = [];
    public IReadOnlyList<Edit> Edits { get; init; } = [];
    public DateTimeOffset? EditedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; init; }
    public Change? Change { get; init; }
}

public sealed record Quote(string WaId, Guid? MessageId, string Type, string? Text, Sender? Sender)
{
    public IReadOnlyList<Mention> Mentions { get; init; } = [];
}

public sealed record Mention(string Jid, Guid? ContactId, string? Name);

public sealed record Reaction(string Emoji, Sender By, DateTimeOffset At);

public sealed record Edit(string? Text, DateTimeOffset At);

public sealed record Change(
    Guid Id,
    string Kind,
    string? Text,
    string State,
    Sender By,
    MessageError? Error
);

public sealed record Attachment(
    Guid Id,
    string Kind,
    string MimeType,
    string? FileName,
    long? SizeBytes,
    string State,
    string? Reason,
    int? Width,
    int? Height,
    double? DurationSeconds,
    IReadOnlyList<int>? Waveform
);

public sealed record Contact(Guid Id, string? Name, string? Phone, string? Picture, long Version);

public sealed record ContactDetails(
    Guid Id,
    string? Name,
    IReadOnlyList<string> Phones,
    IReadOnlyList<ContactIdentity> Identities,
    string? Picture,
    IReadOnlyList<Conversation> Conversations,
    DateTimeOffset CreatedAt,
    long Version
);

public sealed record ContactIdentity(string Kind, string Value);

public sealed record Group(Guid Id, string Jid, string? Name, string? Picture, long Version);

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
)
{
    public DateTimeOffset? WindowClosesAt { get; init; }
}

/// <summary>A WhatsApp number as its creation answers; the secret is shown this once.</summary>
public sealed record Instance(
    Guid Id,
    string Name,
    string State,
    Uri? WebhookUrl,
    string? WebhookSecret
)
{
    public string? StateReason { get; init; }

    /// <summary>Of the Cloud API.</summary>
    public string? VerifyToken { get; init; }
}

public sealed record User(Guid Id, string Name, string Role);

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
