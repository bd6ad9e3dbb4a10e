using FlowChat.Contacts;
using FlowChat.Inbound;
using FlowChat.Messages;
using FlowChat.Messages.Content;
using FlowChat.Storage;

namespace FlowChat.Groups;

/// <summary>Somebody came, left, or changed roles: a line of the thread, once.</summary>
internal sealed class ReceiveMembership(InboundMembership told) : TenantChange<Received>
{
    public override void Declare(WorkKeys keys)
    {
        keys.GroupJids.Add(told.Jid);
        keys.GroupMembers = true;
        keys.Identities.UnionWith(told.Author);
        keys.Identities.UnionWith(told.Members.SelectMany(member => member.Addresses));
        keys.WaIds.Add(new(told.InstanceId, told.EventId));
    }

    public override Received Apply(Workspace work)
    {
        if (work.Messages.FindByWaId(new(told.InstanceId, told.EventId)) is not null)
        {
            return Received.Duplicate;
        }
        var group = work.Groups.FindOrAdd(told.Jid);
        work.MeetAll(told.Members.Select(member => member.Addresses).Append(told.Author));
        var members = told.Members.Select(member => Meet(work, member)).Distinct().ToList();
        var author = work.Contacts.Find(told.Author);
        var isLate = IsLate(group);
        // Of a group that isn't known whole these would be all that is shown.
        var isTaken = group.FetchedAt is not null && !isLate;
        group.ToldAt = work.Now;
        group.ChangedAt = told.At < group.ChangedAt ? group.ChangedAt : told.At;
        work.Groups.Touch(group);
        if (isTaken)
        {
            members.ForEach(member => Take(group, member));
            work.Groups.Change(group);
            work.Groups.TouchMembers(group);
        }
        var self = author is null || (members.Count == 1 && members[0] == author);
        var content = new SystemContent(
            Event(self),
            self ? null : GroupLine.Member(author!),
            [.. members.Select(GroupLine.Member)],
            null
        );
        // It may be what the number hears of the group first.
        work.Conversations.FindOrAdd(told.InstanceId, null, group, told.At, work.Now);
        foreach (var conversation in work.Conversations.Of(group).ToList())
        {
            if (conversation.InstanceId != told.InstanceId)
            {
                if (isTaken)
                {
                    work.ConversationUpdated(conversation);
                }
                continue;
            }
            GroupLine.Write(work, conversation, told.EventId, told.At, content);
            var job =
                isLate && group.FetchedAt is not null
                    ? GroupInfoJob.Of(work.TenantId, conversation, work.Now, told.EventId)
                    : GroupInfoJob.For(work.TenantId, conversation, work.Now);
            if (job is not null)
            {
                work.Enqueue(job);
            }
        }
        return Received.Accepted;
    }

    // What is known may have it already, or is what came after it: the gateway is asked how the group is now.
    private bool IsLate(Group group) =>
        told.At < group.ChangedAt || (group.FetchedAt is { } at && told.At < WhatsAppTime.Of(at));

    // The name is what the gateway once stored, of whatever time: what they call themselves with their messages stands.
    private static Contact Meet(Workspace work, InboundMember member) =>
        work.Meet(
            member.Addresses,
            work.Contacts.Find(member.Addresses)?.Name is null ? member.Name : null
        );

    private string Event(bool bySelf) =>
        told.Action switch
        {
            GroupAction.Add => "joined",
            GroupAction.Remove => bySelf ? "left" : "removed",
            GroupAction.Promote => "promoted",
            _ => "demoted",
        };

    private void Take(Group group, Contact member)
    {
        switch (told.Action)
        {
            case GroupAction.Remove:
                group.Admins.Remove(member.Id);
                break;
            case GroupAction.Add:
                group.Admins.TryAdd(member.Id, false);
                break;
            default:
                group.Admins[member.Id] = told.Action == GroupAction.Promote;
                break;
        }
    }
}

/// <summary>In the words of WhatsApp's events.</summary>
internal static class GroupAction
{
    public const string Add = "add";
    public const string Remove = "remove";
    public const string Promote = "promote";
    public const string Demote = "demote";

    public static bool IsKnown(string? action) => action is Add or Remove or Promote or Demote;
}
