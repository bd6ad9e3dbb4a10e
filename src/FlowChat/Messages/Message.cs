using System.Text.Json;
using FlowChat.Gateways;
using FlowChat.Messages.Changes;

namespace FlowChat.Messages;

/// <summary>A message as the writer holds it. Changed only under its conversation's lock.</summary>
internal sealed class Message
{
    public required Guid Id { get; init; }
    public required Guid ConversationId { get; init; }
    public required Guid InstanceId { get; init; }
    public required string Direction { get; init; }
    public string Type { get; set; } = MessageType.Text;
    public string? Text { get; set; }

    /// <summary>JSON, of the form that its type says.</summary>
    public string? Content { get; set; }

    /// <summary>JSON, what the gateway sent of a kind that can't be shown. Written with a new or revealed message, and not read with it.</summary>
    public string? Raw { get; set; }

    /// <summary>In this batch it turned out what it is.</summary>
    public bool IsRevealed { get; set; }
    public MessageQuote? ReplyTo { get; set; }
    public IReadOnlyList<MessageMention> Mentions { get; set; } = [];
    public IReadOnlyList<MessageReaction> Reactions { get; set; } = [];
    public IReadOnlyList<AttachmentView> Attachments { get; set; } = [];
    public IReadOnlyList<MessageEdit> Edits { get; set; } = [];
    public DateTimeOffset? EditedAt { get; set; }
    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>What the team has done to it and WhatsApp doesn't have yet, or refused.</summary>
    public MessageChange? Change { get; set; }
    public required string Status { get; set; }
    public string? ErrorCode { get; set; }
    public string? ErrorText { get; set; }
    public string? WaId { get; set; }

    /// <summary>See <see cref="OwnIdState"/>: its id is FlowChat's own, and nothing has told that WhatsApp has it. Null = neither.</summary>
    public string? OwnId { get; set; }
    public string? ClientMessageId { get; init; }
    public DateTimeOffset? UnknownAt { get; set; }
    public string? SenderKind { get; init; }
    public Guid? SenderContactId { get; init; }
    public Guid? SenderUserId { get; init; }
    public string? SenderName { get; set; }
    public required DateTimeOffset SentAt { get; init; }
    public required long Arrival { get; init; }
    public long Version { get; set; } = 1;
    public bool IsNew { get; init; }

    public bool IsOut => Direction == MessageDirection.Out;

    /// <summary>The gateway has it, or may have it, and its id isn't known yet.</summary>
    public bool IsOpenSend => Status is MessageStatus.Sending or MessageStatus.Unknown;

    /// <summary>The id by which WhatsApp has it; one that is only given may be nobody's.</summary>
    public string? KnownWaId => IsIdOpen ? null : WaId;

    /// <summary>Whether a word of WhatsApp on its id would be the first one.</summary>
    public bool IsIdOpen =>
        OwnId is not null
        && Status
            is MessageStatus.Queued
                or MessageStatus.Sending
                or MessageStatus.Unknown
                or MessageStatus.Failed;

    /// <summary>A call before this one may have sent it, under the same id.</summary>
    public bool IsRepeated => OwnId == OwnIdState.Given && UnknownAt is not null;

    /// <summary>Of a deleted message nothing is told but that it was there.</summary>
    public MessageView ToView() => DeletedAt is null ? Whole() : Whole().WithoutContent();

    /// <summary>As others quote it.</summary>
    public MessageQuote ToQuote() =>
        new(WaId!, Id, Type, DeletedAt is null ? Text : null, Sender)
        {
            Mentions = DeletedAt is null ? Mentions : [],
        };

    /// <summary>As others quote it, whose gateway told what they saw of it: more than is known here of one that can't be shown.</summary>
    public MessageQuote ToQuote(MessageQuote told) =>
        Type == MessageType.Unsupported
            ? told with
            {
                MessageId = Id,
                Text = DeletedAt is null ? told.Text : null,
                Sender = Sender ?? told.Sender,
                Mentions = DeletedAt is null ? told.Mentions : [],
            }
            : ToQuote();

    private MessageSender? Sender =>
        SenderKind is null ? null : new(SenderKind, SenderContactId ?? SenderUserId, SenderName);

    private JsonElement? ContentView()
    {
        if (Content is null)
        {
            return null;
        }
        var content = JsonElement.Parse(Content);
        // A program of before 0019, beside this one, still writes all of the raw message there.
        return Type == MessageType.Unsupported && content.TryGetProperty("kind", out var kind)
            ? JsonSerializer.SerializeToElement(new { kind = kind.GetString() })
            : content;
    }

    private MessageView Whole()
    {
        var (edits, editedAt) = EditHistory.Shown(this);
        return new()
        {
            Id = Id,
            ConversationId = ConversationId,
            WaId = KnownWaId,
            ClientMessageId = ClientMessageId,
            Direction = Direction,
            Type = Type,
            Text = Text,
            Content = ContentView(),
            Status = Status,
            Error = ErrorCode is null ? null : new(ErrorCode, ErrorText),
            SentAt = SentAt,
            Arrival = Arrival,
            Sender = Sender,
            ReplyTo = ReplyTo,
            Mentions = Mentions,
            Reactions = Reactions.All(reaction => reaction.Emoji.Length > 0)
                ? Reactions
                : [.. Reactions.Where(reaction => reaction.Emoji.Length > 0)],
            Attachments = Attachments,
            Edits = edits,
            EditedAt = editedAt,
            DeletedAt = DeletedAt,
            Change = Change,
            Version = Version,
        };
    }
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
