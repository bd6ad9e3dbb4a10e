using FlowChat.Contacts;
using FlowChat.Conversations;
using FlowChat.Instances;
using FlowChat.Messages;
using FlowChat.Storage;

namespace FlowChat.Inbound;

/// <summary>Brings quotes and what they quote together, whichever comes first.</summary>
internal static class Quotes
{
    /// <returns>What the message answers; null = nothing.</returns>
    public static MessageQuote? Of(
        Workspace work,
        Conversation conversation,
        InboundMessage message
    )
    {
        if (message.ReplyTo is not { } quote)
        {
            return null;
        }
        var told = new MessageQuote(
            quote.WaId,
            null,
            quote.Type,
            quote.Text,
            SenderOf(work, conversation, message.InstanceId, quote)
        );
        var known = work.Messages.FindByWaId(new(message.InstanceId, quote.WaId));
        return known?.ConversationId == conversation.Id ? known.ToQuote(told) : told;
    }

    /// <returns>Null = it isn't known.</returns>
    private static MessageSender? SenderOf(
        Workspace work,
        Conversation conversation,
        Guid instanceId,
        InboundQuote quote
    )
    {
        var contact = work.Contacts.Find(quote.Sender);
        // In a chat of two it is the other one, under whatever address, or me.
        return conversation.Contact is not { } other
            ? IsOwn(
                work.Instances.Find(instanceId),
                [.. quote.Sender, .. contact?.Identities ?? []]
            )
                ? new(SenderKind.Phone, null, null)
                : new(SenderKind.Contact, contact?.Id, contact?.Name)
            : contact == other
                ? new(SenderKind.Contact, other.Id, other.Name)
                : quote.FromMe || HasOther(other, quote.Sender)
                    ? new(SenderKind.Phone, null, null)
                    : null;
    }

    // A gateway tells the number's phone alone: the members of its groups tell its LID with it.
    private static bool IsOwn(Instance? instance, IReadOnlyList<Identity> author) =>
        instance?.Owner is { } own && author.Any(one => one == own || one.IsSameLine(own));

    private static bool HasOther(Contact contact, IReadOnlyList<Identity> author) =>
        author.Any(address => contact.Identities.Exists(one => one.Kind == address.Kind));

    /// <summary>It is here, or has its id, from now on: what answers it leads to it.</summary>
    public static void Link(Workspace work, Message message)
    {
        foreach (var quote in work.Messages.TakeQuotes(message))
        {
            quote.ReplyTo = message.ToQuote(quote.ReplyTo!);
            work.MessageUpdated(quote);
        }
    }
}
