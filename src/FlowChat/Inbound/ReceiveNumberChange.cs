using FlowChat.Contacts;
using FlowChat.Groups;
using FlowChat.Messages.Content;
using FlowChat.Storage;

namespace FlowChat.Inbound;

/// <summary>
/// A person has another number now: a line in their thread says so. What they write from it is another conversation, until
/// one message names both.
/// </summary>
internal sealed class ReceiveNumberChange(
    Guid instanceId,
    string waId,
    DateTimeOffset at,
    IReadOnlyList<Identity> who,
    string? newDigits
) : TenantChange<Received>
{
    public override void Declare(WorkKeys keys)
    {
        keys.WaIds.Add(new(instanceId, waId));
        keys.Identities.UnionWith(who);
    }

    public override Received Apply(Workspace work)
    {
        var conversation = work.Contacts.Find(who) is { } contact
            ? work.Conversations.Of(contact).FirstOrDefault(one => one.InstanceId == instanceId)
            : null;
        var line = new SystemContent(
            "number_changed",
            null,
            [],
            newDigits is null ? null : "+" + newDigits
        );
        return conversation is not null && GroupLine.Write(work, conversation, waId, at, line)
            ? Received.Accepted
            : Received.Duplicate;
    }
}
