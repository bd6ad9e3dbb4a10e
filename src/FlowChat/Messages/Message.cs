namespace FlowChat.Messages;

/// <summary>A message as the writer holds it. Changed only under its conversation's lock.</summary>
internal sealed class Message
{
    public required Guid Id { get; init; }
    public required Guid ConversationId { get; init; }
    public required Guid InstanceId { get; init; }
    public required string Direction { get; init; }
    public string Type { get; init; } = MessageType.Text;
    public string? Text { get; init; }
    public string? Content { get; init; }
    public required string Status { get; set; }
    public string? ErrorCode { get; set; }
    public string? ErrorText { get; set; }
    public string? WaId { get; set; }
    public string? ClientMessageId { get; init; }
    public DateTimeOffset? UnknownAt { get; set; }
    public string? SenderKind { get; init; }
    public Guid? SenderContactId { get; init; }
    public Guid? SenderUserId { get; init; }
    public string? SenderName { get; init; }
    public required DateTimeOffset SentAt { get; init; }
    public required long Arrival { get; init; }
    public long Version { get; set; } = 1;
    public bool IsNew { get; init; }

    public bool IsOut => Direction == MessageDirection.Out;

    /// <summary>The gateway has it, or may have it, and its id isn't known yet.</summary>
    public bool IsOpenSend => Status is MessageStatus.Sending or MessageStatus.Unknown;

    public MessageView ToView() =>
        new()
        {
            Id = Id,
            ConversationId = ConversationId,
            WaId = WaId,
            ClientMessageId = ClientMessageId,
            Direction = Direction,
            Type = Type,
            Text = Text,
            Status = Status,
            Error = ErrorCode is null ? null : new(ErrorCode, ErrorText),
            SentAt = SentAt,
            Arrival = Arrival,
            Sender = SenderKind is null
                ? null
                : new(SenderKind, SenderContactId ?? SenderUserId, SenderName),
            Version = Version,
        };
}

internal static class MessageDirection
{
    public const string In = "in";
    public const string Out = "out";
}

/// <summary>Who wrote a message: a customer, a user of FlowChat, or whoever holds the number's phone or another program.</summary>
internal static class SenderKind
{
    public const string Contact = "contact";
    public const string User = "user";
    public const string Phone = "phone";
}

internal static class MessageType
{
    public const string Text = "text";
    public const string Unsupported = "unsupported";

    /// <summary>WhatsApp's limit of a text.</summary>
    public const int MostCharacters = 65_536;
}

/// <summary>A message's JSON, the same in lists, answers and events.</summary>
public sealed record MessageView
{
    public required Guid Id { get; init; }
    public required Guid ConversationId { get; init; }
    public required string? WaId { get; init; }
    public required string? ClientMessageId { get; init; }
    public required string Direction { get; init; }
    public required string Type { get; init; }
    public required string? Text { get; init; }
    public required string Status { get; init; }
    public required MessageError? Error { get; init; }
    public required DateTimeOffset SentAt { get; init; }
    public required long Arrival { get; init; }
    public required MessageSender? Sender { get; init; }
    public MessageView? ReplyTo { get; init; }
    public IReadOnlyList<string> Reactions { get; init; } = [];
    public IReadOnlyList<string> Attachments { get; init; } = [];
    public DateTimeOffset? EditedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; init; }
    public required long Version { get; init; }
}

public sealed record MessageError(string Code, string? Text);

public sealed record MessageSender(string Kind, Guid? Id, string? Name);
