using System.Text.Json;
using FlowChat.Conversations;
using FlowChat.Groups;
using FlowChat.Json;
using FlowChat.Messages;
using FlowChat.Messages.Content;
using FlowChat.Storage;

namespace FlowChat.Inbound;

/// <summary>Something that somebody did and no bubble shows.</summary>
/// <param name="Event">See <see cref="SystemEvent"/>.</param>
internal sealed record InboundLine(string Event)
{
    public string? Text { get; init; }

    /// <summary>The poll in which they voted.</summary>
    public string? Poll { get; init; }

    /// <summary>WhatsApp's time of the vote.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>A quiet line of the thread, once, with what the gateway sent. Nobody has to read it.</summary>
/// <param name="told">The message that told it.</param>
/// <param name="line">What it says.</param>
internal sealed class ReceiveLine(InboundMessage told, InboundLine line) : TenantChange<Received>
{
    public override void Declare(WorkKeys keys)
    {
        keys.WaIds.Add(told.Key);
        keys.Identities.UnionWith(told.Chat);
        keys.Identities.UnionWith(told.Sender);
        if (line.Poll is { } poll)
        {
            keys.WaIds.Add(new(told.InstanceId, poll));
        }
        if (told.GroupJid is { } jid)
        {
            keys.GroupJids.Add(jid);
        }
        if (told.FromMe)
        {
            keys.OpenSends = true;
        }
    }

    public override Received Apply(Workspace work)
    {
        var known = work.Messages.FindByWaId(told.Key);
        if (known is null ? work.EarlyChanges.HasTelling(told.Key) : !RevealMessage.IsHidden(known))
        {
            return Received.Duplicate;
        }
        var conversation = known is null
            ? ReceiveMessage.FindConversation(work, told)
            : work.Conversations.Get(known.ConversationId);
        var actor = told.FromMe ? null : work.Contacts.Find(told.Sender) ?? conversation.Contact;
        var isCounted = line.Poll is not null && IsCounted(work, conversation, actor?.Id);
        if (known is null && isCounted)
        {
            return Received.Duplicate;
        }
        var content = new SystemContent(
            isCounted ? SystemEvent.Changed : line.Event,
            actor is null ? null : GroupLine.Member(actor),
            [],
            line.Text
        );
        if (known is null)
        {
            Write(work, conversation, content);
        }
        else
        {
            RevealMessage.ToLine(work, known, content, told.Raw);
        }
        return Received.Accepted;
    }

    // Its row is that of a message: one that couldn't be read at first becomes the same line.
    private void Write(Workspace work, Conversation conversation, SystemContent content)
    {
        var row = ReceiveMessage.MakeRow(work, conversation, told);
        (row.Type, row.Text) = (MessageType.System, content.Text);
        row.Content = JsonSerializer.Serialize(content, FlowChatJson.Options);
        work.Messages.Add(row);
        conversation.Append(row);
        if (told.FromMe)
        {
            // Who did it on the phone has the chat before their eyes.
            conversation.ReceiveAnswer(row);
        }
        work.MessageCreated(row);
    }

    // A gateway may tell a vote without its choice, also where it told it with it: at its poll, or waiting for that.
    private bool IsCounted(Workspace work, Conversation conversation, Guid? voter)
    {
        var key = new WaKey(told.InstanceId, line.Poll!);
        // An update of the poll tells whole seconds.
        var at = WhatsAppTime.Of(line.At ?? told.SentAt);
        return (work.Messages.FindByWaId(key)?.HasVoteOf(voter, at) ?? false)
            || work.EarlyChanges.Any(
                key,
                vote =>
                    vote is { Kind: InboundChangeKind.Vote, IsTelling: false }
                    && vote.FromMe == told.FromMe
                    && vote.At >= at
                    // Between two there is no other, under whatever address a gateway counts them.
                    && (vote.FromMe || conversation.Contact is not null || vote.Sender?.Id == voter)
            );
    }
}
