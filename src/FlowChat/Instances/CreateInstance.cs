using FlowChat.Gateways;
using FlowChat.Messages;
using FlowChat.Queues;
using FlowChat.Storage;

namespace FlowChat.Instances;

/// <summary>
/// Adds a number. Its sends wait until the gateway says that it is connected. Null = a number here has its place at the
/// gateway, such as the one that a request made whose answer was lost.
/// </summary>
internal sealed class CreateInstance(Instance draft) : TenantChange<InstanceView?>
{
    private readonly GatewayPlace? _place = GatewayPlace.Of(draft);

    public override void Declare(WorkKeys keys)
    {
        if (_place is { } place)
        {
            keys.GatewayPlaces.Add(place);
        }
    }

    public override InstanceView? Apply(Workspace work)
    {
        if (_place is { } place && !work.Instances.Take(place))
        {
            return null;
        }
        var instance = draft.Copy();
        work.Instances.Add(instance);
        ReceiveInstanceState.ParkOrResume(work, instance);
        SendConcurrency.Set(work, instance);
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
        var (state, rate) = (instance.State, instance.SendsPerSecond);
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
        if (instance.SendsPerSecond != rate)
        {
            SendConcurrency.Set(work, instance);
        }
        work.InstanceUpdated(instance);
        return instance.ToView();
    }
}

/// <summary>A number with a rate makes several calls at once; a WhatsApp session takes one after the other.</summary>
internal static class SendConcurrency
{
    public static void Set(Workspace work, Instance instance)
    {
        if (GatewayLimits.RateOf(instance) is { } rate)
        {
            var key = new LimitKey(work.TenantId, SendMessageJob.Queue, instance.Id.ToString());
            work.WithLedger(
                (ledger, batch) => ledger.SetKeyConcurrency(batch, key, GatewayLimits.CallsOf(rate))
            );
        }
    }
}
