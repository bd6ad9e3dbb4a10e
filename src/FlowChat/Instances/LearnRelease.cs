using FlowChat.Gateways;
using FlowChat.Storage;

namespace FlowChat.Instances;

/// <summary>What a number's gateway says of its release. False = that is known.</summary>
internal sealed class LearnRelease(Guid instanceId, GatewayRelease release) : TenantChange<bool>
{
    public override void Declare(WorkKeys keys) => keys.Instances.Add(instanceId);

    public override bool Apply(Workspace work)
    {
        if (work.Instances.Find(instanceId) is not { DeletedAt: null } instance)
        {
            return false;
        }
        var before = instance.Abilities;
        if (!instance.Learn(release))
        {
            return false;
        }
        if (before.SetEquals(instance.Abilities))
        {
            work.Instances.Touch(instance);
        }
        else
        {
            work.InstanceUpdated(instance);
        }
        return true;
    }
}
