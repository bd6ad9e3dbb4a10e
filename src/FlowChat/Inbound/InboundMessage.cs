using System.Text.Json.Serialization;
using FlowChat.Contacts;
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

    /// <summary>The raw message, kept for the kinds that aren't shown yet.</summary>
    public string? Content { get; init; }
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>How far it already is, when the gateway says so of a message from me.</summary>
    public string Status { get; init; } = Messages.MessageStatus.Sent;

    [JsonIgnore]
    public WaKey Key => new(InstanceId, WaId);

    /// <summary>What it says of a message that is known already.</summary>
    [JsonIgnore]
    public InboundReceipt Receipt => new(InstanceId, WaId, Status, null);
}

/// <summary>How far a message of ours has come.</summary>
internal sealed record InboundReceipt(
    Guid InstanceId,
    string WaId,
    string Status,
    string? ErrorText
);
