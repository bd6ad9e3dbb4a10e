using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>An agent's message: its row and its job, in one transaction.</summary>
internal sealed class QueueMessage(
    Guid conversationId,
    string clientMessageId,
    string text,
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
    }

    public readonly record struct Answer(Outcome Outcome, MessageView? Message);

    public override void Declare(WorkKeys keys)
    {
        keys.Conversations.Add(conversationId);
        keys.ClientMessageIds.Add(clientMessageId);
    }

    public override Answer Apply(Workspace work)
    {
        var conversation = work.Conversations.Find(conversationId);
        if (work.Messages.FindByClientId(clientMessageId) is { } earlier)
        {
            var same = earlier.ConversationId == conversation?.Id && earlier.Text == text;
            return new(same ? Outcome.Repeated : Outcome.Conflict, same ? earlier.ToView() : null);
        }
        if (conversation is null)
        {
            return new(Outcome.NoConversation, null);
        }
        if (conversation.IsInstanceDeleted)
        {
            return new(Outcome.NoInstance, null);
        }
        var message = new Message
        {
            Id = Guid.CreateVersion7(),
            IsNew = true,
            ConversationId = conversation.Id,
            InstanceId = conversation.InstanceId,
            Direction = MessageDirection.Out,
            Text = text,
            Status = MessageStatus.Queued,
            ClientMessageId = clientMessageId,
            SenderKind = Messages.SenderKind.User,
            SenderUserId = userId,
            SenderName = userName,
            SentAt = WhatsAppTime.Of(work.Now),
            Arrival = ++conversation.Arrivals,
        };
        work.Messages.Add(message);
        conversation.Append(message);
        conversation.See();
        work.Enqueue(SendMessageJob.For(work.TenantId, message, work.Now));
        work.MessageCreated(message);
        return new(Outcome.Queued, message.ToView());
    }
}
