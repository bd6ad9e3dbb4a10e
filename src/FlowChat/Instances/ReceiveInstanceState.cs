using FlowChat.Conversations;
using FlowChat.Groups;
using FlowChat.Inbound;
using FlowChat.Messages;
using FlowChat.Messages.Changes;
using FlowChat.Queues;
using FlowChat.Storage;

namespace FlowChat.Instances;

/// <summary>The gateway's word on a number's connection. Its calls run when it is connected and wait when it isn't.</summary>
internal sealed class ReceiveInstanceState(
    Guid instanceId,
    string state,
    string? reason,
    string? ownerJid,
    bool isAsked = false
) : TenantChange<Received>
{
    private static readonly string[] CallingQueues =
    [
        SendMessageJob.Queue,
        MarkAsReadJob.Queue,
        ChangeMessageJob.Queue,
        GroupInfoJob.Queue,
    ];

    public override void Declare(WorkKeys keys) => keys.Instances.Add(instanceId);

    public override Received Apply(Workspace work)
    {
        if (work.Instances.Find(instanceId) is not { DeletedAt: null } instance)
        {
            return Received.Duplicate;
        }
        if (
            isAsked
                ? !IsNews(instance, state, reason, ownerJid)
                : instance.State == state
                    && instance.StateReason == reason
                    && (ownerJid is null || instance.OwnerJid == ownerJid)
        )
        {
            return Received.Duplicate;
        }
        var known = isAsked && state == instance.State ? instance.StateReason : null;
        instance.Become(state, reason ?? known, work.Now);
        instance.OwnerJid = ownerJid ?? instance.OwnerJid;
        ParkOrResume(work, instance);
        work.InstanceUpdated(instance);
        return Received.Accepted;
    }

    /// <summary>
    /// Asked, a gateway knows fewer words than its events: one that gives no further code calls itself closed, and it doesn't
    /// say why. What an event told stays until another one, or an admin, ends it.
    /// </summary>
    public static bool IsNews(Instance instance, string state, string? reason, string? ownerJid) =>
        (ownerJid is not null && ownerJid != instance.OwnerJid)
        || (
            state == instance.State
                ? reason is not null && reason != instance.StateReason
                : !InstanceState.IsAway(state)
                    || instance is not { State: InstanceState.Refused, IsKeyRefused: false }
        );

    public static void ParkOrResume(Workspace work, Instance instance)
    {
        if (InstanceState.CanSend(instance.State))
        {
            Resume(work, instance);
            return;
        }
        foreach (var key in KeysOf(work, instance))
        {
            work.WithLedger(
                (ledger, batch) => ledger.ParkKey(batch, key, until: null, instance.State)
            );
        }
    }

    public static void Resume(Workspace work, Instance instance)
    {
        foreach (var key in KeysOf(work, instance))
        {
            work.WithLedger((ledger, batch) => ledger.ResumeKey(batch, key));
            work.Wake(JobHint.Of(key));
        }
    }

    private static IEnumerable<LimitKey> KeysOf(Workspace work, Instance instance) =>
        CallingQueues.Select(queue => new LimitKey(work.TenantId, queue, instance.Id.ToString()));
}

/// <summary>A pairing code, as it rotates; null when the gateway gives no further one.</summary>
/// <param name="instanceId">Whose.</param>
/// <param name="qr">The code.</param>
/// <param name="toldAt">The gateway's clock; null = it doesn't tell.</param>
internal sealed class ReceiveQr(Guid instanceId, QrCode? qr, DateTimeOffset? toldAt)
    : TenantChange<Received>
{
    // A gateway tries a webhook for some twenty minutes; what is older still comes from a clock that was set back.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(30);

    public override void Declare(WorkKeys keys) => keys.Instances.Add(instanceId);

    public override Received Apply(Workspace work)
    {
        if (work.Instances.Find(instanceId) is not { DeletedAt: null } instance)
        {
            return Received.Duplicate;
        }
        if (IsOvertaken(instance) || (qr is not null && instance.State == InstanceState.Open))
        {
            return Received.Duplicate;
        }
        instance.Show(qr, work.Now);
        instance.QrToldAt = toldAt ?? instance.QrToldAt;
        work.InstanceUpdated(instance);
        return Received.Accepted;
    }

    // Webhooks come in any order: each is tried again by itself.
    private bool IsOvertaken(Instance instance) =>
        toldAt < instance.QrToldAt && instance.QrToldAt - toldAt < LongestDelay;
}

/// <summary>What a phone scans or types to pair. Stays out of the live log: it is fetched when it has changed.</summary>
public sealed record QrCode(string? PairingCode, string? Code, string? Base64);
