using FlowChat.Gateways;
using FlowChat.Instances;
using FlowChat.Queues;
using FlowChat.Storage;

namespace FlowChat.Groups;

/// <summary>Keeps a group's name, members and admins as WhatsApp has them.</summary>
internal sealed class GroupInfoHandler(
    InstanceQuery instances,
    TenantWriter writer,
    GatewayCatalog gateways
) : IJobHandler<GroupInfoJob>
{
    private static readonly TimeSpan NotConnectedDelay = TimeSpan.FromMinutes(1);

    public async ValueTask<JobOutcome> HandleAsync(
        GroupInfoJob job,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var instance = await instances.FindAsync(
            context.TenantId,
            job.InstanceId,
            cancellationToken
        );
        if (instance is null || gateways.GroupsOf(instance) is not { } groups)
        {
            return JobOutcome.Done;
        }
        if (!InstanceState.CanSend(instance.State))
        {
            return context.Expired
                ? JobOutcome.Done
                : JobOutcome.Park(NotConnectedDelay, "The number isn't connected.");
        }
        switch (await groups.FindGroupAsync(instance, job.GroupJid, cancellationToken))
        {
            case GroupAnswer.Found found:
                await writer.WriteAsync(
                    context.TenantId,
                    new ReceiveGroup(found.Group),
                    cancellationToken
                );
                return JobOutcome.Done;
            case GroupAnswer.Failed failed:
                return JobOutcome.Retry(failed.Reason);
            // Whoever writes in it next has it asked for again.
            default:
                return JobOutcome.Done;
        }
    }
}
