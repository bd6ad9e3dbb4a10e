using System.Text.Json.Serialization;
using FlowChat.Contacts;
using FlowChat.Messages;
using FlowChat.Storage;

namespace FlowChat.Inbound;

/// <summary>What somebody did to a message that is there already, or comes later.</summary>
internal sealed record InboundChange
{
    public required Guid InstanceId { get; init; }

    /// <summary>The message that changes.</summary>
    public required string WaId { get; init; }
    public required InboundChangeKind Kind { get; init; }

    /// <summary>WhatsApp's time: of two changes of one kind by one person the later one holds.</summary>
    public required DateTimeOffset At { get; init; }
    public required bool FromMe { get; init; }

    /// <summary>Who did it, unless it was me.</summary>
    public IReadOnlyList<Identity> By { get; init; } = [];
    public string? ByName
    {
        get;
        init => field = ShortText.Cut(value);
    }

    /// <summary>Of a reaction the emoji, empty for none; of an edit the new text or caption.</summary>
    public string? Text { get; init; }

    /// <summary>Of a vote the names of the options chosen, none when it was taken back.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Who did it, as known here; null until they were looked for.</summary>
    public MessageSender? Sender { get; init; }

    /// <summary>Of the message that told of a change: it is no message, whatever a later copy of it says.</summary>
    public bool IsTelling { get; init; }

    /// <summary>
    /// What is kept of the message that told of this change. It is written as a vote, which never applies to what can't be
    /// read: a program from before does nothing with it.
    /// </summary>
    public static InboundChange Telling(WaKey key, DateTimeOffset at) =>
        new()
        {
            InstanceId = key.InstanceId,
            WaId = key.WaId,
            Kind = InboundChangeKind.Vote,
            At = at,
            FromMe = false,
            IsTelling = true,
        };

    /// <summary>The same act, told once more.</summary>
    public bool SaysTheSameAs(InboundChange other) =>
        (Key, Kind, At, FromMe, Text, Sender?.Id)
            == (other.Key, other.Kind, other.At, other.FromMe, other.Text, other.Sender?.Id)
        && Options.SequenceEqual(other.Options, StringComparer.Ordinal);

    [JsonIgnore]
    public WaKey Key => new(InstanceId, WaId);
}

[JsonConverter(typeof(JsonStringEnumConverter<InboundChangeKind>))]
internal enum InboundChangeKind
{
    Reaction,
    Edit,
    Revoke,
    Vote,
}
