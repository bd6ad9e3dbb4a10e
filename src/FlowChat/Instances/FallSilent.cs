using FlowChat.Storage;

namespace FlowChat.Instances;

/// <summary>Its gateway has messages that no webhook told: somebody else is called, or nobody. It is told again whom.</summary>
internal sealed class FallSilent(Guid instanceId) : TenantChange<bool>
{
    public override void Declare(WorkKeys keys) => keys.Instances.Add(instanceId);

    public override bool Apply(Workspace work)
    {
        if (work.Instances.Find(instanceId) is not { DeletedAt: null } instance)
        {
            return false;
        }
        instance.SilentAt ??= work.Now;
        (instance.WebhookSetAt, instance.WebhookTriedAt) = (null, null);
        work.InstanceUpdated(instance);
        return true;
    }
}

/// <summary>A webhook has come since.</summary>
internal sealed class HearAgain(Guid instanceId) : TenantChange<bool>
{
    public override void Declare(WorkKeys keys) => keys.Instances.Add(instanceId);

    public override bool Apply(Workspace work)
    {
        if (work.Instances.Find(instanceId) is not { SilentAt: not null } instance)
        {
            return false;
        }
        instance.SilentAt = null;
        work.Instances.Touch(instance);
        return true;
    }
}
