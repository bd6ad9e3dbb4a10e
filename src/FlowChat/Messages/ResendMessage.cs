using FlowChat.Gateways;
using FlowChat.Queues;
using FlowChat.Queues.Postgres;
using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>Sends a failed or unknown message again: the same row, the end of its lane.</summary>
internal sealed class ResendMessage(Guid messageId) : TenantChange<MessageAnswer>
{
    public override void Declare(WorkKeys keys)
    {
        keys.Messages.Add(messageId);
        keys.OpenSends = true;
    }

    public override MessageAnswer Apply(Workspace work)
    {
        if (work.Messages.FindById(messageId) is not { IsOut: true } message)
        {
            return new(MessageAnswer.Kind.Missing, null);
        }
        if (message.Status is not (MessageStatus.Failed or MessageStatus.Unknown))
        {
            return new(MessageAnswer.Kind.WrongState, message.ToView());
        }
        QueueAgain(work, message);
        // Its job is dead, still holds the lane, or is gone: one of the three does it.
        work.WithLedger((_, batch) => JobLedger.Requeue(batch, work.TenantId, message.Id));
        work.WithLedger((_, batch) => JobLedger.Wake(batch, work.TenantId, message.Id));
        work.Enqueue(SendMessageJob.For(work.TenantId, message, work.Now));
        return new(MessageAnswer.Kind.Changed, message.ToView());
    }

    /// <summary>The message's side; what becomes of its job is the caller's to say.</summary>
    public static void QueueAgain(Workspace work, Message message)
    {
        message.Status = MessageStatus.Queued;
        message.ErrorCode = null;
        message.ErrorText = null;
        message.UnknownAt = null;
        if (message.OwnId is not null)
        {
            message.OwnId = OwnIdState.Kept;
        }
        work.MessageUpdated(message);
        OpenSends.Match(work, work.Conversations.Get(message.ConversationId));
    }
}

/// <summary>"May have been sent" is accepted as it is: no further attempt, no further warning.</summary>
internal sealed class DismissMessage(Guid messageId) : TenantChange<MessageAnswer>
{
    public override void Declare(WorkKeys keys)
    {
        keys.Messages.Add(messageId);
        keys.OpenSends = true;
    }

    public override MessageAnswer Apply(Workspace work)
    {
        if (work.Messages.FindById(messageId) is not { IsOut: true } message)
        {
            return new(MessageAnswer.Kind.Missing, null);
        }
        if (message.Status != MessageStatus.Unknown)
        {
            return new(MessageAnswer.Kind.WrongState, message.ToView());
        }
        message.Status = MessageStatus.Failed;
        message.ErrorCode = SendError.Dismissed;
        message.ErrorText = null;
        message.UnknownAt = null;
        work.MessageUpdated(message);
        OpenSends.Match(work, work.Conversations.Get(message.ConversationId));
        work.WithLedger((_, batch) => JobLedger.Wake(batch, work.TenantId, message.Id));
        work.Wake(JobHint.Of(SendMessageJob.Queue, work.TenantId, message.Id));
        return new(MessageAnswer.Kind.Changed, message.ToView());
    }
}

internal readonly record struct MessageAnswer(MessageAnswer.Kind Result, MessageView? Message)
{
    public enum Kind
    {
        Changed,
        Missing,

        /// <summary>Not failed and not unknown: there is nothing to resend or to dismiss.</summary>
        WrongState,
    }
}
