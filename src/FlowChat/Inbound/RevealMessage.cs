using System.Text.Json;
using FlowChat.Messages;
using FlowChat.Storage;

namespace FlowChat.Inbound;

/// <summary>
/// A message that couldn't be read, or shown, comes again and can: it becomes what it is, in its place. What can be read is
/// never overwritten.
/// </summary>
internal static class RevealMessage
{
    // Their words are hidden: another unsupported kind says more.
    private static readonly HashSet<string> Hidden = new(StringComparer.Ordinal)
    {
        "CIPHERTEXT",
        "placeholderMessage",
        "encReactionMessage",
        "secretEncryptedMessage",
    };

    /// <summary>Whether one telling of a message says more than another one.</summary>
    public static bool Outranks(InboundMessage message, InboundMessage known) =>
        Rank(message.Type, message.Content) > Rank(known.Type, known.Content);

    /// <returns>False = it says no more than is known.</returns>
    public static bool Apply(Workspace work, Message known, InboundMessage message)
    {
        if (Rank(message.Type, message.Content) <= Rank(known.Type, known.Content))
        {
            return false;
        }
        var conversation = work.Conversations.Get(known.ConversationId);
        known.IsRevealed = true;
        (known.Type, known.Content, known.Raw) = (message.Type, message.Content, message.Raw);
        SetText(known, message.Text);
        known.ReplyTo = Quotes.Of(work, conversation, message);
        work.Messages.AwaitQuoted(known);
        known.Mentions = MentionedPeople.Find(work, message.Mentions);
        ReceiveMessage.AddMedia(work, known, message.Media);
        if (!message.FromMe)
        {
            var addresses = message.GroupJid is null ? message.Chat : message.Sender;
            if (addresses.Count > 0)
            {
                work.Meet(addresses, message.SenderName);
            }
            known.SenderName = message.SenderName ?? known.SenderName;
        }
        ReceiveChange.ApplyEarly(work, known, message.Key);
        work.MessageUpdated(known);
        return true;
    }

    // It may have been edited meanwhile: then this is what it said at first.
    private static void SetText(Message known, string? text)
    {
        if (known.Edits.Count > 0)
        {
            known.Edits = [known.Edits[0] with { Text = text }, .. known.Edits.Skip(1)];
        }
        else
        {
            known.Text = text;
        }
    }

    private static int Rank(string type, string? content) =>
        type != MessageType.Unsupported ? 2
        : content is not null
        && JsonElement.Parse(content).Text("kind") is { } kind
        && Hidden.Contains(kind)
            ? 0
        : 1;
}
