using FlowChat.Messages;
using FlowChat.Storage;

namespace FlowChat.Inbound;

/// <summary>A receipt moves its message forward, or waits for it.</summary>
internal sealed class ReceiveReceipt(InboundReceipt receipt) : TenantChange<Received>
{
    public override void Declare(WorkKeys keys)
    {
        var key = new WaKey(receipt.InstanceId, receipt.WaId);
        keys.WaIds.Add(key);
        keys.Receipts.Add(key);
    }

    public override Received Apply(Workspace work)
    {
        var key = new WaKey(receipt.InstanceId, receipt.WaId);
        if (work.Messages.FindByWaId(key) is { } message)
        {
            return Apply(work, message, receipt) ? Received.Accepted : Received.Duplicate;
        }
        work.EarlyReceipts.Keep(key, new(receipt.Status, receipt.ErrorText));
        return Received.Accepted;
    }

    public static bool Apply(Workspace work, Message message, InboundReceipt receipt)
    {
        // A message that is sent again still has the id of its first attempt, whose receipts come late.
        var isOfEarlierAttempt =
            receipt.Status == MessageStatus.Sent
            && message.Status is MessageStatus.Queued or MessageStatus.Sending;
        if (
            isOfEarlierAttempt
            || !message.IsOut
            || !Advance(message, receipt.Status, receipt.ErrorText)
        )
        {
            return false;
        }
        work.MessageUpdated(message);
        return true;
    }

    public static bool Advance(Message message, string status, string? errorText)
    {
        if (!MessageStatus.Advances(message.Status, status))
        {
            return false;
        }
        message.Status = status;
        message.ErrorCode = status == MessageStatus.Failed ? SendError.GatewayError : null;
        message.ErrorText = status == MessageStatus.Failed ? errorText : null;
        return true;
    }
}
