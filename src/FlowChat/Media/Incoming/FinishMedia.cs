using FlowChat.Messages;
using FlowChat.Queues;
using FlowChat.Storage;

namespace FlowChat.Media.Incoming;

/// <summary>A medium's end, in its row, in its message and for its job, in one transaction.</summary>
/// <param name="messageId">Its message.</param>
/// <param name="attachment">As it is now.</param>
/// <param name="sha256">The name of its bytes, where they are here.</param>
/// <param name="lease">Null: its job is no more.</param>
/// <param name="outcome">Its job's.</param>
internal sealed class FinishMedia(
    Guid messageId,
    AttachmentView attachment,
    string? sha256,
    JobLease? lease,
    JobOutcome outcome
) : TenantChange<bool>
{
    public override void Declare(WorkKeys keys) => keys.Messages.Add(messageId);

    public override bool Apply(Workspace work)
    {
        if (lease is not null)
        {
            work.WithLedger((ledger, batch) => ledger.Settle(batch, lease, outcome));
            work.Wake(JobHint.Of(lease));
        }
        return work.Messages.FindById(messageId) is { } message
            && Show(work, message, attachment, sha256);
    }

    /// <returns>False = the message has no such attachment any more.</returns>
    public static bool Show(
        Workspace work,
        Message message,
        AttachmentView attachment,
        string? sha256
    )
    {
        if (!message.Attachments.Any(shown => shown.Id == attachment.Id))
        {
            return false;
        }
        message.Attachments =
        [
            .. message.Attachments.Select(shown => shown.Id == attachment.Id ? attachment : shown),
        ];
        work.Attachments.Change(attachment, sha256);
        work.MessageUpdated(message);
        return true;
    }
}
