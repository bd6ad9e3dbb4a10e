using FlowChat.Contacts;
using FlowChat.Inbound;

namespace FlowChat.Groups;

/// <summary>What a gateway tells of a group. Null = it doesn't tell.</summary>
internal sealed record InboundGroup(Guid InstanceId, string Jid)
{
    /// <summary>When the gateway told it, or was asked for it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>It was asked for: <see cref="At"/> is by our clock, not by the gateway's.</summary>
    public bool IsAnswer { get; init; }
    public string? Name { get; init; }

    /// <summary>WhatsApp's time of the name.</summary>
    public long? NamedAt { get; init; }
    public string? Description { get; init; }
    public IReadOnlyList<Identity> Owner { get; init; } = [];

    /// <summary>All of them.</summary>
    public IReadOnlyList<InboundMember>? Members { get; init; }
}

internal sealed record InboundMember(IReadOnlyList<Identity> Addresses, bool IsAdmin)
{
    /// <summary>What they call themselves.</summary>
    public string? Name
    {
        get;
        init => field = ShortText.Cut(value);
    }
}

/// <summary>Who came, left, or changed roles.</summary>
internal sealed record InboundMembership(
    Guid InstanceId,
    string Jid,
    string Action,
    IReadOnlyList<Identity> Author,
    IReadOnlyList<InboundMember> Members
)
{
    /// <summary>The same for the same event, however often it comes.</summary>
    public required string EventId { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }
}
