namespace FlowChat.Messages;

public sealed record MessageError(string Code, string? Text);

public sealed record MessageSender(string Kind, Guid? Id, string? Name);

/// <summary>What a message answers, as the quote said it.</summary>
/// <param name="WaId">The gateway's id of it.</param>
/// <param name="MessageId">Null: it is unknown here.</param>
/// <param name="Type">See <see cref="MessageType"/>.</param>
/// <param name="Text">Its text or caption.</param>
/// <param name="Sender">Who wrote it, where that is known.</param>
public sealed record MessageQuote(
    string WaId,
    Guid? MessageId,
    string Type,
    string? Text,
    MessageSender? Sender
)
{
    /// <summary>Whom its text names.</summary>
    public IReadOnlyList<MessageMention> Mentions { get; init; } = [];
}

/// <summary>Somebody named with an @. In the text stands the user part of the address.</summary>
public sealed record MessageMention(string Jid, Guid? ContactId, string? Name);

/// <summary>One person's reaction. A removed one has no emoji.</summary>
public sealed record MessageReaction(string Emoji, MessageSender By, DateTimeOffset At);

/// <summary>What a message said until then.</summary>
public sealed record MessageEdit(string? Text, DateTimeOffset At);

/// <summary>A medium of a message; its bytes are at /api/attachments/{id}/content.</summary>
public sealed record AttachmentView
{
    public required Guid Id { get; init; }

    /// <summary>image, video, audio, voice, document or sticker.</summary>
    public required string Kind { get; init; }
    public required string MimeType { get; init; }
    public string? FileName { get; init; }
    public long? SizeBytes { get; init; }

    /// <summary>pending, ready or unavailable.</summary>
    public required string State { get; init; }

    /// <summary>Why it is unavailable.</summary>
    public string? Reason { get; init; }

    /// <summary>The same as a stable word: too_large, gone, number_removed, not_connected or gateway_error.</summary>
    public string? ReasonCode { get; init; }
    public int? Width { get; init; }
    public int? Height { get; init; }
    public double? DurationSeconds { get; init; }

    /// <summary>Of a voice note: 64 heights from 0 to 100.</summary>
    public IReadOnlyList<int>? Waveform { get; init; }
}
