using FlowChat.Gateways.Cloud;
using FlowChat.Storage;

namespace FlowChat.Instances;

/// <summary>What is wrong with a number: raised once over all nodes, kept in its row, and cleared when it ends.</summary>
internal static class InstanceAlarm
{
    public const string Closed = "instance_closed";
    public const string Refused = "instance_refused";
    public const string KeyRefused = "gateway_key_refused";

    /// <summary>Meta has blocked the number, its account or the business.</summary>
    public const string Blocked = "number_blocked";
    public const string Silent = "instance_silent";
    public const string Missing = "instance_missing";
    public const string LicenseRequired = "gateway_license_required";

    // WhatsApp drops a session now and then, and the gateway has it back in seconds; so has one that is restarted.
    private static readonly TimeSpan ClosedFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SilentFor = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan MissingFor = TimeSpan.FromMinutes(2);

    /// <returns>Null = nothing, or nothing yet.</returns>
    public static string? Of(Instance instance, DateTimeOffset now)
    {
        var since = now - instance.StateAt;
        return instance.State switch
        {
            _ when instance.DeletedAt is not null => null,
            InstanceState.Refused => CauseOf(instance),
            InstanceState.Unreachable when CauseOf(instance) == LicenseRequired => LicenseRequired,
            InstanceState.Unreachable when since >= SilentFor => Silent,
            // One that was never connected waits for a phone, and one that an admin logged out for an admin.
            InstanceState.Close
            or InstanceState.Connecting when instance.OpenedAt is not null && since >= ClosedFor =>
                Closed,
            InstanceState.Unknown when since >= MissingFor => Missing,
            InstanceState.Open => instance.SilentAt is null ? null : Silent,
            InstanceState.Close when instance.OpenedAt is null => null,
            // As long as it isn't well, what was said of it holds.
            _ => instance.Alarm,
        };
    }

    /// <summary>What its state says is wrong, however short: null = it is connected, or about to be.</summary>
    public static string? CauseOf(Instance instance) =>
        instance.State switch
        {
            InstanceState.Refused when instance.IsKeyRefused => KeyRefused,
            InstanceState.Refused when instance.Gateway == CloudGateway.GatewayName => Blocked,
            InstanceState.Refused => Refused,
            InstanceState.Unreachable
                when instance.StateReason?.Contains("LICENSE_REQUIRED", StringComparison.Ordinal)
                    == true => LicenseRequired,
            InstanceState.Unreachable => Silent,
            InstanceState.Close => Closed,
            InstanceState.Unknown => Missing,
            _ => null,
        };

    /// <summary>For people; no number, no key.</summary>
    public static string Text(string code, Guid instanceId) =>
        code switch
        {
            Closed =>
                $"Instance {instanceId} isn't connected to WhatsApp any more: its sends wait. Connect it again on the numbers' page.",
            Refused =>
                $"The gateway gives instance {instanceId} no further pairing code: connect it again on the numbers' page.",
            Blocked =>
                $"Meta lets instance {instanceId} send nothing: its sends wait, and go on by themselves once that is settled with Meta.",
            LicenseRequired =>
                $"The gateway of instance {instanceId} waits for its licence: its sends wait, and go on by themselves once it is activated.",
            KeyRefused =>
                $"The gateway refuses the key of instance {instanceId}: its sends wait. Give the right api_key with PATCH /api/instances/{instanceId}.",
            Missing =>
                $"The gateway doesn't know instance {instanceId}, or says nothing of it: its sends fail. Make it there again, or correct its address and name with PATCH /api/instances/{instanceId}.",
            _ =>
                $"Nothing comes in from instance {instanceId}: its gateway doesn't answer, and its sends wait; or its webhooks don't reach FLOWCHAT_PUBLIC_URL.",
        };
}

/// <summary>Compares a number with what was said of it.</summary>
internal sealed class WatchInstance(Guid instanceId) : TenantChange<WatchInstance.Turn>
{
    public override void Declare(WorkKeys keys) => keys.Instances.Add(instanceId);

    public override Turn Apply(Workspace work)
    {
        if (work.Instances.Find(instanceId) is not { DeletedAt: null } instance)
        {
            return new(null, null);
        }
        var (before, now) = (instance.Alarm, InstanceAlarm.Of(instance, work.Now));
        if (before == now)
        {
            return new(null, null);
        }
        instance.Alarm = now;
        instance.AlarmAt = now is null ? null : work.Now;
        work.InstanceUpdated(instance);
        return new(now, before);
    }

    /// <summary>What began and what ended with this look.</summary>
    internal readonly record struct Turn(string? Raised, string? Cleared);
}
