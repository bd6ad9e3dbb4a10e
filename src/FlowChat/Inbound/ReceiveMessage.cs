using FlowChat.Conversations;
using FlowChat.Groups;
using FlowChat.Media.Incoming;
using FlowChat.Messages;
using FlowChat.Pictures;
using FlowChat.Storage;

namespace FlowChat.Inbound;

internal enum Received
{
    Accepted,
    Duplicate,
}

/// <summary>A message from a gateway becomes a row of its conversation, once.</summary>
internal sealed class ReceiveMessage(InboundMessage message) : TenantChange<Received>
{
    public InboundMessage Message => message;

    public override void Declare(WorkKeys keys)
    {
        keys.WaIds.Add(message.Key);
        keys.WaIds.UnionWith(message.Twins);
        if (message.FromMe)
        {
            keys.Receipts.Add(message.Key);
            keys.OpenSends = true;
        }
        keys.Identities.UnionWith(message.Chat);
        keys.Identities.UnionWith(message.Sender);
        keys.Identities.UnionWith(MentionedPeople.Identities(message.Mentions));
        if (message.ReplyTo is { } quote)
        {
            var quoted = new WaKey(message.InstanceId, quote.WaId);
            keys.WaIds.Add(quoted);
            keys.Quoted.Add(quoted);
            keys.Identities.UnionWith(quote.Sender);
        }
        if (message.GroupJid is { } jid)
        {
            keys.GroupJids.Add(jid);
            if (message.ReplyTo is not null)
            {
                // Its owner may be who is quoted.
                keys.Instances.Add(message.InstanceId);
            }
        }
    }

    public override Received Apply(Workspace work)
    {
        if (work.Messages.FindByWaId(message.Key) is { } known)
        {
            var isRevealed = RevealMessage.Apply(work, known, message);
            var hasAdvanced = message.FromMe && ReceiveReceipt.Apply(work, known, message.Receipt);
            if (hasAdvanced)
            {
                // It may have been a send that others waited for.
                OpenSends.Match(work, work.Conversations.Get(known.ConversationId));
            }
            return isRevealed || hasAdvanced ? Received.Accepted : Received.Duplicate;
        }
        if (work.Messages.IsEarlierId(message.Key) || RevealMessage.IsOfKnownChange(work, message))
        {
            return Received.Duplicate;
        }
        var held = work.HeldEchoes.Find(message.Key);
        if (held is not null)
        {
            var isRevealed = RevealMessage.Outranks(message, held.Message);
            if (!isRevealed && (held.Message.IsEcho || !message.IsEcho))
            {
                return Received.Duplicate;
            }
            // Now it is known to be no phone's, and may be matched; or what it says.
            work.HeldEchoes.Release(held);
        }
        var conversation = FindConversation(work, message);
        if (message.FromMe && work.Messages.OpenSends(conversation).Any())
        {
            // Some gateways tell their own sends like what was typed on the phone: only the id says which it is.
            work.HeldEchoes.Hold(conversation, message);
            // Alone it would be the only candidate.
            if (!message.Twins.Any(twin => IsAwaited(work, twin)))
            {
                OpenSends.Match(work, conversation);
            }
        }
        else
        {
            Append(work, conversation, message);
        }
        return held is null ? Received.Accepted : Received.Duplicate;
    }

    private static bool IsAwaited(Workspace work, WaKey twin) =>
        work.Messages.FindByWaId(twin) is null
        && !work.Messages.IsEarlierId(twin)
        && work.HeldEchoes.Find(twin) is null;

    /// <summary>Writes the message into its conversation. Also the way of an echo that was held and matched no send.</summary>
    public static void Append(Workspace work, Conversation conversation, InboundMessage message)
    {
        // Known meanwhile, while it was held.
        if (RevealMessage.IsOfKnownChange(work, message))
        {
            return;
        }
        var row = MakeRow(work, conversation, message);
        row.ReplyTo = Quotes.Of(work, conversation, message);
        row.Mentions = MentionedPeople.Find(work, message.Mentions);
        if (work.EarlyReceipts.Take(message.Key) is { } receipt && row.IsOut)
        {
            ReceiveReceipt.Advance(row, receipt);
        }
        AddMedia(work, row, message.Media);
        ReceiveChange.ApplyEarly(work, row, message.Key);
        work.Messages.Add(row);
        conversation.Append(row);
        conversation.OpenWindow(message.WindowClosesAt);
        if (message.FromMe)
        {
            conversation.ReceiveAnswer(row);
        }
        else
        {
            conversation.Receive(row);
            conversation.Status = ConversationStatus.Open;
        }
        work.MessageCreated(row);
        Quotes.Link(work, row);
        if (GroupInfoJob.For(work.TenantId, conversation, work.Now) is { } job)
        {
            work.Enqueue(job);
        }
        if ((conversation.Contact ?? work.Contacts.Find(message.Sender)) is { } person)
        {
            ProfilePictureJob.AskWhenDue(work, conversation.InstanceId, person);
        }
    }

    /// <summary>The next of its conversation, and not yet in it.</summary>
    public static Message MakeRow(Workspace work, Conversation conversation, InboundMessage message)
    {
        var sender = message.FromMe ? null : work.Contacts.Find(message.Sender);
        return new()
        {
            Id = Guid.CreateVersion7(),
            IsNew = true,
            ConversationId = conversation.Id,
            InstanceId = message.InstanceId,
            Direction = message.FromMe ? MessageDirection.Out : MessageDirection.In,
            Type = message.Type,
            Text = message.Text,
            Content = message.Content,
            Raw = message.Raw,
            Status = message.FromMe ? message.Status : MessageStatus.Received,
            WaId = message.WaId,
            SenderKind = message.FromMe ? Messages.SenderKind.Phone : Messages.SenderKind.Contact,
            SenderContactId = sender?.Id,
            SenderName = message.FromMe ? null : message.SenderName ?? sender?.Name,
            SentAt = message.SentAt,
            Arrival = ++conversation.Arrivals,
        };
    }

    public static void AddMedia(Workspace work, Message row, InboundMedia? media)
    {
        if (media is null)
        {
            return;
        }
        var attachment = work.Attachments.Add(row.Id, media);
        row.Attachments = [attachment];
        work.Enqueue(ProcessMediaJob.For(work.TenantId, attachment.Id, row, work.Now));
    }

    /// <summary>Where the message belongs; what it says of its people is known from then on.</summary>
    public static Conversation FindConversation(Workspace work, InboundMessage message)
    {
        DateTimeOffset? wroteAt = message.FromMe ? null : message.SentAt;
        if (message.GroupJid is { } jid)
        {
            if (message.Sender.Count > 0)
            {
                work.Meet(message.Sender, message.SenderName, wroteAt);
            }
            var group = work.Groups.FindOrAdd(jid);
            return work.Conversations.FindOrAdd(
                message.InstanceId,
                null,
                group,
                message.SentAt,
                work.Now
            );
        }
        var contact = work.Meet(message.Chat, message.SenderName, wroteAt);
        return work.Conversations.FindOrAdd(
            message.InstanceId,
            contact,
            null,
            message.SentAt,
            work.Now
        );
    }
}
