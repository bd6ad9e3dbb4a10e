using FlowChat.Inbound;
using FlowChat.Messages;
using FlowChat.Messages.Content;
using FlowChat.Storage;

namespace FlowChat.Groups;

/// <summary>A gateway tells of a group. Its thread is told of a new name: no event of the gateway's says so.</summary>
internal sealed class ReceiveGroup(InboundGroup told) : TenantChange<Received>
{
    public override void Declare(WorkKeys keys)
    {
        keys.GroupJids.Add(told.Jid);
        keys.Identities.UnionWith(told.Owner);
        if (told.Members is { } members)
        {
            keys.GroupMembers = true;
            keys.Identities.UnionWith(members.SelectMany(member => member.Addresses));
        }
        if (told is { Name: not null, NamedAt: not null })
        {
            keys.GroupLines.Add((told.Jid, RenameId(told.NamedAt.Value)));
        }
    }

    public override Received Apply(Workspace work)
    {
        var group = work.Groups.FindOrAdd(told.Jid);
        var (name, admins) = (group.Name, group.Admins.ToHashSet());
        var before = Shown(group);
        // Two numbers' gateways, or a late webhook, may tell what it was called before.
        if (told.Name is not null && !(told.NamedAt < group.NamedAt))
        {
            (group.Name, group.NamedAt) = (told.Name, told.NamedAt ?? group.NamedAt);
        }
        // Only an answer tells all of the group: what it doesn't have is gone.
        if (told.Description is not null || (told.IsAnswer && !IsOlder(group)))
        {
            group.Description = told.Description;
        }
        work.MeetAll((told.Members ?? []).Select(member => member.Addresses).Append(told.Owner));
        group.OwnerId = work.Contacts.Find(told.Owner)?.Id ?? group.OwnerId;
        if (told.Members is { } members)
        {
            TakeUnlessOlder(work, group, members);
        }
        work.Groups.Touch(group);
        if (Shown(group) != before || !admins.SetEquals(group.Admins))
        {
            work.Groups.Change(group);
            Show(work, group, isRenamed: name is not null && name != group.Name);
        }
        return Received.Accepted;
    }

    private static (GroupView, string?, Guid?) Shown(Group group) =>
        (group.ToView(), group.Description, group.OwnerId);

    private void TakeUnlessOlder(Workspace work, Group group, IReadOnlyList<InboundMember> members)
    {
        group.AskedAt = work.Now;
        if (!IsOlder(group))
        {
            group.FetchedAt = told.At;
            Take(work, group, members);
        }
        // Another answer that was asked for later needs no third.
        else if (!told.IsAnswer || told.At < group.ToldAt)
        {
            AskAgain(work, group);
        }
        if (!told.IsAnswer)
        {
            group.ToldAt = work.Now;
        }
    }

    // It may lack what was told meanwhile. A webhook's time is compared with those of the changes, whose clock is the same;
    // of one second, it may be from before.
    private bool IsOlder(Group group) =>
        told.IsAnswer
            ? told.At < group.ToldAt || told.At < group.FetchedAt
            : told.At <= group.ChangedAt
                || (group.FetchedAt is { } at && told.At < WhatsAppTime.Of(at));

    private void AskAgain(Workspace work, Group group)
    {
        var conversations = work.Conversations.Of(group).ToList();
        if (
            (
                conversations.Find(one => one.InstanceId == told.InstanceId)
                ?? conversations.FirstOrDefault()
            ) is
            { } conversation
        )
        {
            work.Enqueue(GroupInfoJob.Of(work.TenantId, conversation, work.Now, $"{told.At:O}"));
        }
    }

    private static void Take(Workspace work, Group group, IReadOnlyList<InboundMember> members)
    {
        group.Admins.Clear();
        foreach (var member in members)
        {
            group.Admins[work.Contacts.Find(member.Addresses)!.Id] = member.IsAdmin;
        }
        work.Groups.TouchMembers(group);
    }

    private void Show(Workspace work, Group group, bool isRenamed)
    {
        var content = new SystemContent("renamed", null, [], group.Name);
        var at = told.NamedAt is > 0 and var seconds
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : work.Now;
        var id = RenameId(told.NamedAt ?? work.Now.Ticks);
        if (isRenamed)
        {
            work.Conversations.FindOrAdd(told.InstanceId, null, group, at, work.Now);
        }
        foreach (var conversation in work.Conversations.Of(group).ToList())
        {
            if (!isRenamed || !GroupLine.Write(work, conversation, id, at, content))
            {
                work.ConversationUpdated(conversation);
            }
        }
    }

    private string RenameId(long at) =>
        GroupLine.IdOf(told.Jid, "renamed", told.Name ?? "", $"{at}");
}
