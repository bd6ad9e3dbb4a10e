using FlowChat.Storage;

namespace FlowChat.Instances;

/// <summary>One node at a time fetches what a number missed. Null = another one does, or did.</summary>
internal sealed class ClaimFill(Guid instanceId) : TenantChange<DateTimeOffset?>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    // Of one that died, or that the gateway didn't answer; longer than the call for a page.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    // What was written while the number was away reaches the gateway some time after it is back.
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    public static bool IsDue(Instance instance, DateTimeOffset now) =>
        (instance.FilledAt is not { } at || at < instance.StateAt || now - at >= Interval)
        && !(now - instance.FillClaimedAt < Lease);

    public override void Declare(WorkKeys keys) => keys.Instances.Add(instanceId);

    public override DateTimeOffset? Apply(Workspace work)
    {
        if (
            work.Instances.Find(instanceId) is not { DeletedAt: null } instance
            || !IsDue(instance, work.Now)
        )
        {
            return null;
        }
        var since = instance.FilledAt is { } at ? at - Overlap : instance.CreatedAt;
        instance.FillClaimedAt = work.Now;
        work.Instances.Touch(instance);
        return since < instance.CreatedAt ? instance.CreatedAt : since;
    }
}

/// <summary>All that was written up to then is here.</summary>
internal sealed class ReachFill(Guid instanceId, DateTimeOffset reached, bool isEnd)
    : TenantChange<bool>
{
    public override void Declare(WorkKeys keys) => keys.Instances.Add(instanceId);

    public override bool Apply(Workspace work)
    {
        if (work.Instances.Find(instanceId) is not { } instance)
        {
            return false;
        }
        instance.FilledAt = reached < instance.FilledAt ? instance.FilledAt : reached;
        instance.FillClaimedAt = isEnd ? null : work.Now;
        work.Instances.Touch(instance);
        return true;
    }
}
