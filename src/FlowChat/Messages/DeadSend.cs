using FlowChat.Queues;
using FlowChat.Queues.Postgres;
using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>What an operator makes of a dead send: its message goes with it. False = it isn't dead.</summary>
internal abstract class DeadSend(Guid messageId) : TenantChange<bool>
{
    protected Guid MessageId { get; } = messageId;

    public sealed override void Declare(WorkKeys keys)
    {
        keys.Messages.Add(MessageId);
        keys.DeadJobs.Add(MessageId);
        keys.OpenSends = true;
    }

    public sealed override bool Apply(Workspace work)
    {
        if (!work.DeadJobs.Contains(MessageId))
        {
            return false;
        }
        // What has reached WhatsApp after all leaves nothing to send and nothing to give up.
        var open =
            work.Messages.FindById(MessageId) is { Status: var status } message
            && status
                is MessageStatus.Queued
                    or MessageStatus.Sending
                    or MessageStatus.Unknown
                    or MessageStatus.Failed
                ? message
                : null;
        End(work, open);
        return true;
    }

    /// <param name="work">The tenant's.</param>
    /// <param name="message">Null = there is nothing left of it to send.</param>
    protected abstract void End(Workspace work, Message? message);

    protected void DiscardJob(Workspace work) =>
        work.WithLedger((_, batch) => JobLedger.Discard(batch, work.TenantId, MessageId));
}

/// <summary>A resend, asked for in the dead letters.</summary>
/// <param name="messageId">The message, and its job.</param>
/// <param name="wait">How long until its turn comes.</param>
internal sealed class RequeueSend(Guid messageId, TimeSpan wait) : DeadSend(messageId)
{
    protected override void End(Workspace work, Message? message)
    {
        if (message is null)
        {
            DiscardJob(work);
            return;
        }
        ResendMessage.QueueAgain(work, message);
        work.WithLedger((_, batch) => JobLedger.Requeue(batch, work.TenantId, MessageId, wait));
        work.Wake(JobHint.Of(SendMessageJob.Queue, work.TenantId, MessageId));
    }
}

/// <summary>The send is given up: its message fails for good, unless somebody asks for it again.</summary>
internal sealed class DiscardSend(Guid messageId) : DeadSend(messageId)
{
    protected override void End(Workspace work, Message? message)
    {
        DiscardJob(work);
        if (message is null or { Status: MessageStatus.Failed })
        {
            return;
        }
        message.Status = MessageStatus.Failed;
        message.ErrorCode = SendError.Cancelled;
        message.ErrorText = null;
        message.UnknownAt = null;
        work.MessageUpdated(message);
        OpenSends.Match(work, work.Conversations.Get(message.ConversationId));
    }
}
