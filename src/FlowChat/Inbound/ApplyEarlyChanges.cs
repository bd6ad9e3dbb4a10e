using FlowChat.Storage;

namespace FlowChat.Inbound;

/// <summary>Applies what waits for a message that is there.</summary>
internal sealed class ApplyEarlyChanges(WaKey key) : TenantChange<bool>
{
    public override void Declare(WorkKeys keys) => keys.WaIds.Add(key);

    public override bool Apply(Workspace work)
    {
        if (
            work.Messages.FindByWaId(key) is not { } message
            || !ReceiveChange.ApplyEarly(work, message, key)
        )
        {
            return false;
        }
        work.MessageUpdated(message);
        return true;
    }
}
