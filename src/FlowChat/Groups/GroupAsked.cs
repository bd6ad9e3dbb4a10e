using FlowChat.Storage;

namespace FlowChat.Groups;

/// <summary>A gateway was asked for a group and told nothing of it: others get their turn first.</summary>
internal sealed class GroupAsked(string jid) : TenantChange<bool>
{
    public override void Declare(WorkKeys keys) => keys.GroupJids.Add(jid);

    public override bool Apply(Workspace work)
    {
        var group = work.Groups.FindOrAdd(jid);
        group.AskedAt = work.Now;
        work.Groups.Touch(group);
        return true;
    }
}
