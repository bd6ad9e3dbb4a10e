using FlowChat.Messages;
using FlowChat.Queues;
using FlowChat.Queues.Postgres;
using FlowChat.Storage;

namespace FlowChat.Media.Incoming;

/// <summary>Somebody asks once more for a medium that couldn't be had. Null = there is no such one any more.</summary>
internal sealed class RetryMedia(AttachmentRow attachment) : TenantChange<AttachmentView?>
{
    private Guid Id => attachment.View.Id;

    public override void Declare(WorkKeys keys)
    {
        keys.Messages.Add(attachment.MessageId!.Value);
        keys.DeadJobs.Add(Id);
    }

    public override AttachmentView? Apply(Workspace work)
    {
        var message = work.Messages.FindById(attachment.MessageId!.Value);
        var shown = message?.Attachments.FirstOrDefault(one => one.Id == Id);
        if (message is null || shown is not { State: AttachmentState.Unavailable })
        {
            return shown;
        }
        shown = shown with { State = AttachmentState.Pending, Reason = null, ReasonCode = null };
        if (work.DeadJobs.Contains(Id))
        {
            work.WithLedger((_, batch) => JobLedger.Requeue(batch, work.TenantId, Id));
            work.Wake(JobHint.Of(ProcessMediaJob.Queue, work.TenantId, Id));
        }
        else
        {
            work.Enqueue(ProcessMediaJob.For(work.TenantId, Id, message, work.Now));
        }
        FinishMedia.Show(work, message, shown, attachment.Sha256);
        return shown;
    }
}
