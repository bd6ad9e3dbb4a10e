using FlowChat.Storage;

namespace FlowChat.Instances;

/// <summary>One process at a time tells a number's gateway whom to call. Null = it was told, another one is at it, or the number is gone.</summary>
internal sealed class ClaimSetUp(Guid instanceId, Func<Instance, DateTimeOffset, string> secretOf)
    : TenantChange<string?>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public static bool IsDue(Instance instance, DateTimeOffset now) =>
        instance is { DeletedAt: null, WebhookUrl: not null, WebhookSetAt: null }
        && !(now - instance.WebhookTriedAt < Pause);

    public override void Declare(WorkKeys keys) => keys.Instances.Add(instanceId);

    public override string? Apply(Workspace work)
    {
        if (work.Instances.Find(instanceId) is not { } instance || !IsDue(instance, work.Now))
        {
            return null;
        }
        instance.WebhookTriedAt = work.Now;
        work.Instances.Touch(instance);
        return secretOf(instance, work.Now);
    }
}
