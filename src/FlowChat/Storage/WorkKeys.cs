using FlowChat.Contacts;
using FlowChat.Instances;

namespace FlowChat.Storage;

/// <summary>What the changes of one batch touch: equal keys are folded here, before any statement.</summary>
internal sealed class WorkKeys
{
    public HashSet<Guid> Instances { get; } = [];

    /// <summary>Where new instances are: one at a time is added of each.</summary>
    public HashSet<GatewayPlace> GatewayPlaces { get; } = [];
    public HashSet<Guid> Contacts { get; } = [];
    public HashSet<Identity> Identities { get; } = [];
    public HashSet<string> GroupJids { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a change looks at who is in a group.</summary>
    public bool GroupMembers { get; set; }
    public HashSet<Guid> Conversations { get; } = [];
    public HashSet<Guid> Messages { get; } = [];
    public HashSet<Guid> Attachments { get; } = [];
    public HashSet<WaKey> WaIds { get; } = [];

    /// <summary>What messages of the batch answer.</summary>
    public HashSet<WaKey> Quoted { get; } = [];

    /// <summary>Lines that stand under one id in the threads that all numbers have with a group.</summary>
    public HashSet<(string Jid, string WaId)> GroupLines { get; } = [];

    /// <summary>The messages of mine among <see cref="WaIds"/>: only they can have receipts that came early.</summary>
    public HashSet<WaKey> Receipts { get; } = [];

    /// <summary>Whether a change looks at sends that aren't settled and at the echoes held for them, or may add an answer.</summary>
    public bool OpenSends { get; set; }

    /// <summary>Jobs whose change depends on that they are dead.</summary>
    public HashSet<Guid> DeadJobs { get; } = [];
    public HashSet<string> ClientMessageIds { get; } = new(StringComparer.Ordinal);
}

/// <summary>A gateway's message id, unique for its instance.</summary>
internal readonly record struct WaKey(Guid InstanceId, string WaId);
