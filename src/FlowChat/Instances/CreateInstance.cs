using FlowChat.Storage;

namespace FlowChat.Instances;

/// <summary>Adds a number. Its sends wait until the gateway says that it is connected.</summary>
internal sealed class CreateInstance(Instance draft) : TenantChange<InstanceView>
{
    public override void Declare(WorkKeys keys) { }

    public override InstanceView Apply(Workspace work)
    {
        var instance = draft.Copy();
        work.Instances.Add(instance);
        ReceiveInstanceState.ParkOrResume(work, instance);
        work.InstanceCreated(instance);
        return instance.ToView();
    }
}

/// <summary>Changes what an admin may change of a number. Null = there is none.</summary>
internal sealed class ChangeInstance(Guid instanceId, Action<Instance, DateTimeOffset> change)
    : TenantChange<InstanceView?>
{
    public override void Declare(WorkKeys keys) => keys.Instances.Add(instanceId);

    public override InstanceView? Apply(Workspace work)
    {
        if (work.Instances.Find(instanceId) is not { DeletedAt: null } instance)
        {
            return null;
        }
        var state = instance.State;
        change(instance, work.Now);
        if (instance.DeletedAt is not null)
        {
            // What waits for it runs, and fails with the reason.
            ReceiveInstanceState.Resume(work, instance);
        }
        else if (instance.State != state)
        {
            ReceiveInstanceState.ParkOrResume(work, instance);
        }
        work.InstanceUpdated(instance);
        return instance.ToView();
    }
}
