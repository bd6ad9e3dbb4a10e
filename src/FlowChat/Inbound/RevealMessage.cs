using System.Text.Json;
using FlowChat.Groups;
using FlowChat.Json;
using FlowChat.Messages;
using FlowChat.Messages.Content;
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

    /// <summary>Whether it only stands in the place of what couldn't be read.</summary>
    public static bool IsHidden(Message known) => Rank(known.Type, known.Content) == 0;

    /// <summary>A copy of what could be read once, and was a change of another message: that one shows it.</summary>
    public static bool IsOfKnownChange(Workspace work, InboundMessage message) =>
        Rank(message.Type, message.Content) == 0 && work.EarlyChanges.HasTelling(message.Key);

    /// <summary>It turned out to be a change of another message, which shows it: its bubble goes, and is unread no more.</summary>
    public static void GiveWay(Workspace work, Message known, InboundChange change)
    {
        if (!IsHidden(known) && !IsVoteLine(known))
        {
            return;
        }
        var isReaction = change is { Kind: InboundChangeKind.Reaction, Text.Length: > 0 };
        var content = new SystemContent(
            isReaction ? SystemEvent.Reacted : SystemEvent.Changed,
            ActorOf(work, known),
            [],
            isReaction ? change.Text : null
        );
        ToLine(work, known, content, null);
    }

    /// <summary>A quiet line in its place.</summary>
    public static void ToLine(Workspace work, Message known, SystemContent content, string? raw)
    {
        if (!known.IsOut && known.Type != MessageType.System)
        {
            work.Conversations.Get(known.ConversationId).Withdraw(known);
        }
        known.IsRevealed = true;
        (known.Type, known.Text, known.Raw) = (MessageType.System, content.Text, raw);
        known.Content = JsonSerializer.Serialize(content, FlowChatJson.Options);
        work.MessageUpdated(known);
    }

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

    private static SystemMember? ActorOf(Workspace work, Message known)
    {
        if (known.IsOut)
        {
            return null;
        }
        var contact = known.SenderContactId is { } id
            ? work.Contacts.FindById(id)
            : work.Conversations.Get(known.ConversationId).Contact;
        return contact is null
            ? new(known.SenderContactId, known.SenderName, null)
            : GroupLine.Member(contact);
    }

    private static bool IsVoteLine(Message known) =>
        known is { Type: MessageType.System, Content: { } content }
        && JsonElement.Parse(content).Text("event") == SystemEvent.Voted;

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
