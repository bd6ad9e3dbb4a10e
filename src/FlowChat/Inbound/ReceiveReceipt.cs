using FlowChat.Gateways;
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
        if (receipt.MessageId is { } id)
        {
            keys.Messages.Add(id);
        }
    }

    public override Received Apply(Workspace work)
    {
        var key = new WaKey(receipt.InstanceId, receipt.WaId);
        var known = work.Messages.FindByWaId(key);
        if (known is null && work.Messages.IsEarlierId(key))
        {
            return Received.Duplicate;
        }
        if ((known ?? FindSend(work)) is { } message)
        {
            return Apply(work, message, receipt) ? Received.Accepted : Received.Duplicate;
        }
        work.EarlyReceipts.Keep(key, new(receipt.Status, receipt.ErrorText, receipt.ErrorCode));
        return Received.Accepted;
    }

    public static bool Apply(Workspace work, Message message, InboundReceipt receipt)
    {
        if (
            message.IsIdOpen
            && message.WaId == receipt.WaId
            && receipt.Status != MessageStatus.Failed
        )
        {
            OpenSends.Confirm(work, message, receipt.WaId);
            if (Advance(message, new(receipt.Status, null, null)))
            {
                work.MessageUpdated(message);
            }
            return true;
        }
        // WhatsApp's first word on the id is its refusal; while a repeat is under way it may be that of the call before.
        var isRefused =
            message.IsIdOpen
            && message.WaId == receipt.WaId
            && !(message.IsRepeated && message.Status == MessageStatus.Sending);
        var isOfEarlierAttempt = IsOfEarlierAttempt(message, receipt.Status);
        if (isRefused)
        {
            message.OwnId = null;
        }
        var hasAdvanced =
            message.IsOut
            && !isOfEarlierAttempt
            && Advance(message, new(receipt.Status, receipt.ErrorText, receipt.ErrorCode));
        // The attempt that waits gets another id.
        if (!hasAdvanced && !(isRefused && isOfEarlierAttempt))
        {
            return false;
        }
        work.MessageUpdated(message);
        return true;
    }

    public static bool Advance(Message message, EarlyReceipt receipt)
    {
        if (!MessageStatus.Advances(message.Status, receipt.Status))
        {
            return false;
        }
        var failed = receipt.Status == MessageStatus.Failed;
        message.Status = receipt.Status;
        message.ErrorCode = failed ? receipt.ErrorCode ?? SendError.GatewayError : null;
        message.ErrorText = failed ? receipt.ErrorText : null;
        return true;
    }

    // A message that is sent again still has the id of the attempt before, whose receipts come late, and more than once.
    private static bool IsOfEarlierAttempt(Message message, string status) =>
        status is MessageStatus.Sent or MessageStatus.Failed
        && message.Status switch
        {
            MessageStatus.Queued => true,
            MessageStatus.Sending => message.OwnId != OwnIdState.Given,
            // Its last call may have given it.
            MessageStatus.Unknown => message.OwnId is null,
            _ => false,
        };

    /// <summary>The gateway has a message whose call didn't tell so, or not yet: the receipt names it by our own id.</summary>
    private Message? FindSend(Workspace work)
    {
        if (
            receipt.MessageId is not { } id
            || work.Messages.FindById(id) is not { IsOpenSend: true } send
            || send.InstanceId != receipt.InstanceId
            // While another attempt is under way it may be the one before that failed.
            || (send.Status == MessageStatus.Sending && receipt.Status == MessageStatus.Failed)
        )
        {
            return null;
        }
        OpenSends.Confirm(work, send, receipt.WaId);
        return send;
    }
}
