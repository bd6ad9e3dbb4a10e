using FlowChat.Conversations;
using FlowChat.Gateways;
using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>An agent's message: its row and its job, in one transaction.</summary>
internal sealed class QueueMessage(
    Guid conversationId,
    NewMessage asked,
    Guid userId,
    string userName
) : TenantChange<QueueMessage.Answer>
{
    public enum Outcome
    {
        Queued,

        /// <summary>The same message was accepted before: this is how it is now.</summary>
        Repeated,

        /// <summary>Another message has that client_message_id.</summary>
        Conflict,
        NoConversation,

        /// <summary>The conversation's number was removed.</summary>
        NoInstance,

        /// <summary>What it answers isn't in this conversation, or WhatsApp doesn't have it.</summary>
        NoReply,

        /// <summary>There is no such file, or another message has it.</summary>
        NoAttachment,

        /// <summary>The template's header is another kind of file.</summary>
        WrongAttachment,

        /// <summary>The gateway can't send that.</summary>
        Unable,

        /// <summary>Longer than the gateway's texts may be.</summary>
        TooLong,

        /// <summary>The gateway takes templates only, until the other side writes again.</summary>
        WindowClosed,
    }

    public readonly record struct Answer(
        Outcome Outcome,
        MessageView? Message,
        string? Refusal = null,
        int Limit = 0
    );

    public override void Declare(WorkKeys keys)
    {
        keys.Conversations.Add(conversationId);
        keys.ClientMessageIds.Add(asked.ClientMessageId);
        if (asked.ReplyTo is { } replyTo)
        {
            keys.Messages.Add(replyTo);
        }
        if (asked.AttachmentId is { } attachment)
        {
            keys.Attachments.Add(attachment);
        }
        keys.Identities.UnionWith(MentionedPeople.Identities(asked.Mentions));
    }

    public override Answer Apply(Workspace work)
    {
        var conversation = work.Conversations.Find(conversationId);
        if (work.Messages.FindByClientId(asked.ClientMessageId) is { } earlier)
        {
            var same = earlier.ConversationId == conversation?.Id && asked.IsSame(earlier);
            return new(same ? Outcome.Repeated : Outcome.Conflict, same ? earlier.ToView() : null);
        }
        return conversation is null ? new(Outcome.NoConversation, null)
            : conversation.IsInstanceDeleted ? new(Outcome.NoInstance, null)
            : Queue(work, conversation);
    }

    private Answer Queue(Workspace work, Conversation conversation)
    {
        var attachment = asked.AttachmentId is { } id ? work.Attachments.FindFree(id) : null;
        if (asked.AttachmentId is not null && attachment is null)
        {
            return new(Outcome.NoAttachment, null);
        }
        if (attachment is not null && asked.AttachmentKind is { } kind && attachment.Kind != kind)
        {
            return new(Outcome.WrongAttachment, null, kind);
        }
        var type = asked.Type ?? attachment!.Kind;
        if (FindInability(conversation, type) is { } inability)
        {
            return new(Outcome.Unable, null, inability);
        }
        var longest = GatewayLimits.Of(conversation.Gateway).TextCharacters;
        if (type == MessageType.Text && asked.Text!.Length > longest)
        {
            return new(Outcome.TooLong, null, Limit: longest);
        }
        if (type != MessageType.Template && conversation.IsWindowClosed(work.Now))
        {
            return new(Outcome.WindowClosed, null);
        }
        var replyTo = asked.ReplyTo is { } quoted ? work.Messages.FindById(quoted) : null;
        if (
            asked.ReplyTo is not null
            && (replyTo?.KnownWaId is null || replyTo.ConversationId != conversation.Id)
        )
        {
            return new(Outcome.NoReply, null);
        }
        var message = new Message
        {
            Id = Guid.CreateVersion7(),
            IsNew = true,
            ConversationId = conversation.Id,
            InstanceId = conversation.InstanceId,
            Direction = MessageDirection.Out,
            Type = type,
            Text = asked.Text,
            Content = asked.Content,
            ReplyTo = replyTo?.ToQuote(),
            Mentions = MentionedPeople.Find(work, asked.Mentions),
            Attachments = attachment is null ? [] : [attachment],
            Status = MessageStatus.Queued,
            ClientMessageId = asked.ClientMessageId,
            SenderKind = Messages.SenderKind.User,
            SenderUserId = userId,
            SenderName = userName,
            SentAt = WhatsAppTime.Of(work.Now),
            Arrival = ++conversation.Arrivals,
        };
        work.Messages.Add(message);
        if (attachment is not null)
        {
            work.Attachments.Attach(attachment, message.Id);
        }
        conversation.Append(message);
        work.See(conversation);
        work.Enqueue(SendMessageJob.For(work.TenantId, message, work.Now));
        work.MessageCreated(message);
        return new(Outcome.Queued, message.ToView());
    }

    private string? FindInability(Conversation conversation, string type)
    {
        var abilities = GatewayAbility.Of(conversation.Gateway, conversation.GatewayVersion);
        return !abilities.Contains(type) ? type
            : asked.ReplyTo is not null && !abilities.Contains(GatewayAbility.Reply)
                ? GatewayAbility.Reply
            : type == MessageType.Voice
            && asked.ReplyTo is not null
            && !abilities.Contains(GatewayAbility.VoiceReply)
                ? GatewayAbility.VoiceReply
            : asked.Mentions.Count > 0 && !abilities.Contains(GatewayAbility.Mention)
                ? GatewayAbility.Mention
            : asked.HasPreview && !abilities.Contains(GatewayAbility.LinkPreview)
                ? GatewayAbility.LinkPreview
            : null;
    }
}
