using System.Text.Json;
using FlowChat.Messages.Changes;

namespace FlowChat.Messages;

/// <summary>A message's JSON, the same in lists, answers and events.</summary>
public sealed record MessageView
{
    public required Guid Id { get; init; }
    public required Guid ConversationId { get; init; }
    public required string? WaId { get; init; }
    public required string? ClientMessageId { get; init; }
    public required string Direction { get; init; }
    public required string Type { get; init; }

    /// <summary>The text, or a medium's caption.</summary>
    public required string? Text { get; init; }

    /// <summary>What else a message of its type says: a place, a poll, cards of contacts.</summary>
    public required JsonElement? Content { get; init; }
    public required string Status { get; init; }
    public required MessageError? Error { get; init; }
    public required DateTimeOffset SentAt { get; init; }
    public required long Arrival { get; init; }
    public required MessageSender? Sender { get; init; }
    public required MessageQuote? ReplyTo { get; init; }
    public required IReadOnlyList<MessageMention> Mentions { get; init; }
    public required IReadOnlyList<MessageReaction> Reactions { get; init; }
    public required IReadOnlyList<AttachmentView> Attachments { get; init; }
    public required IReadOnlyList<MessageEdit> Edits { get; init; }
    public required DateTimeOffset? EditedAt { get; init; }
    public required DateTimeOffset? DeletedAt { get; init; }

    /// <summary>What the team has done to it and WhatsApp doesn't have yet, or refused.</summary>
    public required MessageChange? Change { get; init; }
    public required long Version { get; init; }

    internal MessageView WithoutContent() =>
        this with
        {
            Text = null,
            Content = null,
            ReplyTo = null,
            Mentions = [],
            Reactions = [],
            Attachments = [],
            Edits = [],
            EditedAt = null,
            Change = null,
        };
}
