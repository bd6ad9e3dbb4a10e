using System.Text.Json.Serialization;
using FlowChat.Contacts;
using FlowChat.Messages;
using FlowChat.Storage;

namespace FlowChat.Inbound;

/// <summary>A message as a gateway told it, in FlowChat's words.</summary>
internal sealed record InboundMessage
{
    public required Guid InstanceId { get; init; }
    public required string WaId { get; init; }

    /// <summary>Written with the connected number, on a phone or by a program.</summary>
    public required bool FromMe { get; init; }

    /// <summary>The gateway's report of what was sent through its API; what was typed on a phone is none.</summary>
    public required bool IsEcho { get; init; }

    /// <summary>Found in the gateway's database, under an id such as its API gives: it may be what was sent from here.</summary>
    public bool MayBeEcho { get; init; }

    /// <summary>Found beside it and written behind it: others that say the same in its chat.</summary>
    [JsonIgnore]
    public IReadOnlyList<WaKey> Twins { get; init; } = [];

    /// <summary>The other person of a direct chat, under every address that the gateway named; empty in a group.</summary>
    public IReadOnlyList<Identity> Chat { get; init; } = [];
    public string? GroupJid { get; init; }

    /// <summary>Who wrote it in a group.</summary>
    public IReadOnlyList<Identity> Sender { get; init; } = [];

    /// <summary>What the sender calls themself.</summary>
    public string? SenderName
    {
        get;
        init => field = ShortText.Cut(value);
    }
    public required string Type { get; init; }
    public string? Text { get; init; }

    /// <summary>JSON, of the form that its type says.</summary>
    public string? Content { get; init; }

    /// <summary>JSON, all that the gateway sent, where its type is unsupported.</summary>
    public string? Raw { get; init; }
    public InboundQuote? ReplyTo { get; init; }

    /// <summary>Whom it names with an @.</summary>
    public IReadOnlyList<string> Mentions { get; init; } = [];
    public InboundMedia? Media { get; init; }
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>Until when its gateway takes any answer; null = always.</summary>
    public DateTimeOffset? WindowClosesAt { get; init; }

    /// <summary>How far it already is, when the gateway says so of a message from me.</summary>
    public string Status { get; init; } = MessageStatus.Sent;

    [JsonIgnore]
    public WaKey Key => new(InstanceId, WaId);

    /// <summary>What it says of a message that is known already.</summary>
    [JsonIgnore]
    public InboundReceipt Receipt => new(InstanceId, WaId, Status, null);
}

/// <summary>What a message answers, as the gateway told it.</summary>
internal sealed record InboundQuote(
    string WaId,
    string Type,
    string? Text,
    bool FromMe,
    IReadOnlyList<Identity> Sender
);

/// <summary>A medium that isn't here yet.</summary>
internal sealed record InboundMedia
{
    /// <summary>See <see cref="AttachmentView.Kind"/>.</summary>
    public required string Kind { get; init; }
    public required string MimeType { get; init; }
    public string? FileName
    {
        get;
        init => field = ShortText.Cut(value);
    }
    public long? SizeBytes { get; init; }
    public int? Width { get; init; }
    public int? Height { get; init; }
    public double? DurationSeconds { get; init; }
    public IReadOnlyList<int>? Waveform { get; init; }

    /// <summary>Of bytes that came with the webhook and are in the store.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Where its bytes come from, in the gateway's words.</summary>
    public required string Source { get; init; }
}

/// <summary>How far a message of ours has come.</summary>
internal sealed record InboundReceipt(
    Guid InstanceId,
    string WaId,
    string Status,
    string? ErrorText
)
{
    /// <summary>Why it failed, in FlowChat's words; null = the gateway's text says it.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>FlowChat's own id of the message, from gateways that hand it back.</summary>
    public Guid? MessageId { get; init; }
}
