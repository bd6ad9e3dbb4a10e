using FlowChat.Messages;
using FlowChat.Storage;

namespace FlowChat.Inbound;

/// <summary>A change finds its message, or waits for it.</summary>
/// <param name="change">What is done.</param>
/// <param name="told">The message that told it: a bubble may stand for that one since its words couldn't be read, and goes.</param>
internal sealed class ReceiveChange(InboundChange change, InboundMessage? told = null)
    : TenantChange<Received>
{
    public override void Declare(WorkKeys keys)
    {
        keys.WaIds.Add(change.Key);
        if (told is not null)
        {
            keys.WaIds.Add(told.Key);
        }
        keys.Identities.UnionWith(change.By);
    }

    public override Received Apply(Workspace work)
    {
        if (told is not null)
        {
            Reveal(work, told.Key);
        }
        if (work.Messages.FindByWaId(change.Key) is not { } message || IsTooEarly(message, change))
        {
            // Who did it is settled here: whoever brings the message knows nothing of them.
            return work.EarlyChanges.Keep(change with { Sender = SenderOf(work, change) })
                ? Received.Accepted
                : Received.Duplicate;
        }
        if (!Apply(work, message, change))
        {
            return Received.Duplicate;
        }
        work.MessageUpdated(message);
        return Received.Accepted;
    }

    private void Reveal(Workspace work, WaKey key)
    {
        if (work.Messages.FindByWaId(key) is { } hidden)
        {
            RevealMessage.GiveWay(work, hidden, change);
        }
        else
        {
            // A copy of it that can't be read may come yet: by a late webhook, or from the gateway's history.
            work.EarlyChanges.Keep(InboundChange.Telling(key, change.At));
        }
    }

    /// <summary>The message has just come, or has just got its id.</summary>
    /// <returns>Whether anything changed.</returns>
    public static bool ApplyEarly(Workspace work, Message message, WaKey key)
    {
        var changed = false;
        foreach (var change in work.EarlyChanges.Take(key, early => !IsTooEarly(message, early)))
        {
            changed |= Apply(work, message, change);
        }
        return changed;
    }

    // What the options of a poll are is known once it can be read.
    private static bool IsTooEarly(Message message, InboundChange change) =>
        change.IsTelling
        || (change.Kind == InboundChangeKind.Vote && message.Type == MessageType.Unsupported);

    /// <returns>Whether it changed anything: the order in which changes come, and how often, makes no difference.</returns>
    private static bool Apply(Workspace work, Message message, InboundChange change)
    {
        var by = VoterOf(work, message, change) ?? change.Sender ?? SenderOf(work, change);
        return change.Kind switch
        {
            InboundChangeKind.Reaction => message.React(new(change.Text ?? "", by, change.At)),
            InboundChangeKind.Edit => message.Edit(change.Text, change.At),
            InboundChangeKind.Vote => message.Vote(new(change.Options, by, change.At)),
            _ => message.Delete(change.At),
        };
    }

    // Between two there is no other, under whatever address a gateway counts them.
    private static MessageSender? VoterOf(Workspace work, Message message, InboundChange change) =>
        change is { Kind: InboundChangeKind.Vote, FromMe: false }
        && work.Conversations.Get(message.ConversationId).Contact is { } contact
            ? new(SenderKind.Contact, contact.Id, contact.Name)
            : null;

    private static MessageSender SenderOf(Workspace work, InboundChange change)
    {
        if (change.FromMe)
        {
            return new(SenderKind.Phone, null, null);
        }
        if (change.By.Count == 0)
        {
            return new(SenderKind.Contact, null, change.ByName);
        }
        var contact = work.Meet(change.By, change.ByName);
        return new(SenderKind.Contact, contact.Id, contact.Name);
    }
}
