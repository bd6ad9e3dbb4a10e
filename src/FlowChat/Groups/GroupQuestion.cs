using FlowChat.Gateways;
using FlowChat.Instances;

namespace FlowChat.Groups;

/// <summary>Asks a number's gateway for a group. A number that isn't connected is looked at soon.</summary>
internal sealed class GroupQuestion(
    InstanceQuery instances,
    GatewayCatalog gateways,
    InstanceMonitor monitor
)
{
    /// <returns>Null = there is nobody to ask.</returns>
    public async Task<GroupAnswer?> AskAsync(
        Guid tenantId,
        GroupInfoJob job,
        CancellationToken cancellationToken
    )
    {
        var instance = await instances.FindAsync(tenantId, job.InstanceId, cancellationToken);
        if (instance is null || gateways.GroupsOf(instance) is not { } groups)
        {
            return null;
        }
        var answer = InstanceState.CanSend(instance.State)
            ? await groups.FindGroupAsync(instance, job.GroupJid, cancellationToken)
            : new GroupAnswer.NotConnected("The number isn't connected.");
        if (
            answer is GroupAnswer.Missing
            && await gateways.For(instance).ReadStateAsync(instance, cancellationToken) is var now
            && !InstanceState.CanSend(now.State)
        )
        {
            answer = new GroupAnswer.NotConnected(now.Reason ?? "The number isn't connected.");
        }
        if (answer is GroupAnswer.NotConnected)
        {
            monitor.CheckSoon(instance.Id);
        }
        return answer;
    }
}
