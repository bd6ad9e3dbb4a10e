using FlowChat.Groups;
using FlowChat.Inbound;
using FlowChat.Storage;

namespace FlowChat.Pictures;

/// <summary>Has a picture fetched that isn't the one that is known. Whoever never wrote here is left alone.</summary>
internal sealed class ReceivePictureNews(PictureNews news) : TenantChange<Received>
{
    // A group's members and all come with its picture: a gateway that tells it otherwise there would be asked at each event.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public PictureNews News => news;

    public override void Declare(WorkKeys keys)
    {
        if (news.Address.IsGroup)
        {
            keys.GroupJids.Add(news.Address.Jid);
        }
        else
        {
            keys.Identities.Add(news.Address.Identity);
        }
    }

    public override Received Apply(Workspace work) =>
        (news.Address.IsGroup ? AskForGroup(work) : AskForContact(work))
            ? Received.Accepted
            : Received.Duplicate;

    private bool AskForContact(Workspace work)
    {
        if (
            work.Contacts.Find([news.Address.Identity]) is not { PictureDueAt: not null } contact
            || contact.PictureSource == news.Source
        )
        {
            return false;
        }
        // Null: it is being asked for, because they just showed up.
        var isKnown = contact.PictureSource is not null;
        contact.PictureSource = news.Source;
        work.Contacts.Touch(contact);
        if (isKnown)
        {
            ProfilePictureJob.Ask(work, news.InstanceId, contact);
        }
        return isKnown;
    }

    private bool AskForGroup(Workspace work)
    {
        if (
            work.Groups.Find(news.Address.Jid) is not { FetchedAt: { } at } group
            || group.PictureSource == news.Source
            || work.Now - at < Patience
            || work.Conversations.Of(group).FirstOrDefault(c => c.InstanceId == news.InstanceId)
                is not { } conversation
        )
        {
            return false;
        }
        work.Enqueue(GroupInfoJob.Of(work.TenantId, conversation, work.Now, news.Source));
        return true;
    }
}
