using FlowChat.Gateways;
using FlowChat.Storage;

namespace FlowChat.Instances;

/// <summary>What a number's gateway says of its release. False = that is known.</summary>
internal sealed class LearnRelease(Guid instanceId, GatewayRelease release) : TenantChange<bool>
{
    public override void Declare(WorkKeys keys) => keys.Instances.Add(instanceId);

    public override bool Apply(Workspace work)
    {
        if (
            work.Instances.Find(instanceId) is not { DeletedAt: null } instance
            || !instance.Learn(release)
        )
        {
            return false;
        }
        work.Instances.Touch(instance);
        return true;
    }
}
