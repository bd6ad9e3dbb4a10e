using FlowChat.Conversations;
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
        var contact = quote.FromMe ? null : work.Contacts.Find(quote.Sender);
        var sender = quote.FromMe
            ? new MessageSender(SenderKind.Phone, null, null)
            : new(SenderKind.Contact, contact?.Id, contact?.Name);
        var told = new MessageQuote(quote.WaId, null, quote.Type, quote.Text, sender);
        var known = work.Messages.FindByWaId(new(message.InstanceId, quote.WaId));
        return known?.ConversationId == conversation.Id ? known.ToQuote(told) : told;
    }

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
