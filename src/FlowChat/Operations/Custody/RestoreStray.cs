using FlowChat.Media;
using FlowChat.Media.Incoming;
using FlowChat.Messages;
using FlowChat.Messages.Changes;
using FlowChat.Queues;
using FlowChat.Queues.Postgres;
using FlowChat.Storage;

namespace FlowChat.Operations.Custody;

/// <summary>Brings a stray back to where it is done from. False = it isn't one any more, or another will take it over.</summary>
internal sealed class RestoreStray(Stray stray) : TenantChange<bool>
{
    public override void Declare(WorkKeys keys)
    {
        if (stray.MessageId is { } messageId)
        {
            keys.Messages.Add(messageId);
            keys.OpenSends = stray.Kind == Stray.OpenSend;
        }
    }

    public override bool Apply(Workspace work)
    {
        var message = stray.MessageId is { } id ? work.Messages.FindById(id) : null;
        return stray.Kind switch
        {
            Stray.QueuedSend => message is { Status: MessageStatus.Queued } && Send(work, message),
            Stray.OpenSend => message is { Status: MessageStatus.Sending } && Doubt(work, message),
            Stray.QueuedChange => message is not null && Change(work, message),
            Stray.PendingMedium => message is not null && Fetch(work, message),
            Stray.HeadlessLane => Promote(work),
            _ => false,
        };
    }

    // A job that came meanwhile is not added twice: its id is the message's.
    private static bool Send(Workspace work, Message message)
    {
        work.Enqueue(SendMessageJob.For(work.TenantId, message, work.Now));
        return true;
    }

    private static bool Doubt(Workspace work, Message message)
    {
        message.Status = MessageStatus.Unknown;
        message.UnknownAt = work.Now;
        work.MessageUpdated(message);
        OpenSends.Match(work, work.Conversations.Get(message.ConversationId));
        return true;
    }

    private bool Change(Workspace work, Message message)
    {
        if (
            message.Change is not { State: MessageChangeState.Queued } change
            || change.Id != stray.Id
        )
        {
            return false;
        }
        work.Enqueue(ChangeMessageJob.For(work.TenantId, message, work.Now));
        return true;
    }

    private bool Fetch(Workspace work, Message message)
    {
        if (
            message.Attachments.FirstOrDefault(one => one.Id == stray.Id)?.State
            != AttachmentState.Pending
        )
        {
            return false;
        }
        work.Enqueue(ProcessMediaJob.For(work.TenantId, stray.Id, message, work.Now));
        return true;
    }

    private bool Promote(Workspace work)
    {
        work.WithLedger(
            (_, batch) => JobLedger.Promote(batch, work.TenantId, stray.Queue, stray.Lane!)
        );
        work.Wake(JobHint.Of(stray.Queue, work.TenantId, stray.Id));
        return true;
    }
}
