using FlowChat.Gateways;
using FlowChat.Queues;
using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>The gateway's answer, the message's state and the job's end, in one transaction.</summary>
internal sealed class FinishSend(
    Guid messageId,
    SendResult result,
    JobLease? lease,
    bool lastAttempt,
    bool expired
) : TenantChange<bool>
{
    /// <summary>The id that the call gave; null = none.</summary>
    public string? GivenId { get; init; }

    /// <summary>What is known of the gateway: see <see cref="Instances.Instance.HeedsIds"/>.</summary>
    public bool? IsHeeded { get; init; }

    /// <summary>See <see cref="OwnMessageId.IsHeeded"/>.</summary>
    public bool MayRepeat { get; init; }

    private bool? Learned =>
        result is SendResult.Sent sent && GivenId is not null && IsHeeded != (sent.WaId == GivenId)
            ? sent.WaId == GivenId
            : null;

    public override void Declare(WorkKeys keys)
    {
        keys.Messages.Add(messageId);
        keys.OpenSends = true;
        if (result is SendResult.Sent sent)
        {
            var key = new WaKey(sent.InstanceId, sent.WaId);
            keys.WaIds.Add(key);
            keys.Receipts.Add(key);
            if (Learned is not null)
            {
                keys.Instances.Add(sent.InstanceId);
            }
        }
    }

    public override bool Apply(Workspace work)
    {
        if (work.Messages.FindById(messageId) is not { } message)
        {
            return false;
        }
        if (Learned is { } heeds && work.Instances.Find(message.InstanceId) is { } instance)
        {
            instance.HeedsIds = heeds;
            work.Instances.Touch(instance);
        }
        var conversation = work.Conversations.Get(message.ConversationId);
        // Without the lease another attempt may be under way: then only good news counts, or news of an unknown one.
        var settles =
            lease is not null || result is SendResult.Sent
                ? message.IsOpenSend
                : message.Status == MessageStatus.Unknown;
        if (settles)
        {
            Record(work, message);
            OpenSends.Match(work, conversation);
        }
        if (lease is not null)
        {
            // A receipt has told meanwhile what the call couldn't: nothing is left to wait for.
            var outcome = IsKnown(message) ? JobOutcome.Done : Outcome;
            work.WithLedger((ledger, batch) => ledger.Settle(batch, lease, outcome));
            work.Wake(JobHint.Of(lease));
        }
        return settles;
    }

    private bool IsKnown(Message message) =>
        result is SendResult.Unknown
        && message.Status
            is not (MessageStatus.Queued or MessageStatus.Sending or MessageStatus.Unknown);

    private void Record(Workspace work, Message message)
    {
        switch (result)
        {
            case SendResult.Sent sent:
                OpenSends.Confirm(work, message, sent.WaId);
                return;
            case SendResult.Unknown unknown:
                message.Status = MessageStatus.Unknown;
                // The search comes after the last call.
                message.UnknownAt = lastAttempt ? work.Now : message.UnknownAt ?? work.Now;
                message.ErrorText = unknown.Reason;
                if (message.OwnId is not null && (unknown.IsLast || !MayRepeat))
                {
                    message.OwnId = OwnIdState.Kept;
                }
                break;
            // Whatever became of this call, an earlier one may have sent it.
            case not null when message.IsRepeated:
                message.Status = MessageStatus.Unknown;
                break;
            case SendResult.Refused refused:
                Fail(message, refused.Code, refused.Reason);
                break;
            case SendResult.NotSent unsent when lastAttempt:
                Fail(message, unsent.Code, unsent.Reason);
                break;
            case SendResult.NotConnected { IsPace: true } much when expired:
                Fail(message, SendError.GatewayError, much.Reason);
                break;
            case SendResult.NotConnected lost when expired:
                Fail(message, SendError.NotConnected, lost.Reason);
                break;
            case SendResult.KeyRefused refused when expired:
                Fail(message, SendError.Unauthorized, refused.Reason);
                break;
            case SendResult.Delayed delayed when expired:
                Fail(message, SendError.GatewayError, delayed.Reason);
                break;
            case SendResult.Held held when expired:
                Fail(
                    message,
                    message.Attachments.Count > 0 ? SendError.MediaMissing : SendError.GatewayError,
                    held.Reason
                );
                break;
            case SendResult.NotSent
            or SendResult.NotConnected
            or SendResult.KeyRefused
            or SendResult.Delayed
            or SendResult.Held:
                message.Status = MessageStatus.Queued;
                (message.ErrorCode, message.ErrorText) = WaitsFor;
                message.UnknownAt = null;
                message.OwnId = message.OwnId is null ? null : OwnIdState.Kept;
                break;
        }
        work.MessageUpdated(message);
    }

    /// <summary>What an agent is told of a message that isn't to be sent just now; its number's state has words of its own.</summary>
    private (string? Code, string? Text) WaitsFor =>
        result switch
        {
            SendResult.Delayed delayed => (SendError.PairPace, delayed.Reason),
            SendResult.NotConnected { IsPace: true } much => (SendError.NumberPace, much.Reason),
            _ => (null, null),
        };

    private static void Fail(Message message, string code, string? reason)
    {
        message.Status = MessageStatus.Failed;
        message.ErrorCode = code;
        message.ErrorText = reason;
        message.UnknownAt = null;
    }

    /// <summary>What becomes of the job.</summary>
    public JobOutcome Outcome =>
        result switch
        {
            SendResult.NotSent unsent => JobOutcome.Retry(
                $"{unsent.Code}: {unsent.Reason}",
                unsent.After
            ),
            SendResult.NotConnected
            or SendResult.KeyRefused
            or SendResult.Delayed
            or SendResult.Held when expired => JobOutcome.Done,
            SendResult.Delayed delayed => JobOutcome.Snooze(delayed.For, delayed.Reason),
            SendResult.Held held => JobOutcome.Snooze(SendFailure.Pause, held.Reason),
            SendResult.NotConnected lost => JobOutcome.Park(lost.For, lost.Reason),
            // Its number is parked by now, until the gateway takes the key.
            SendResult.KeyRefused refused => JobOutcome.Park(TimeSpan.Zero, refused.Reason),
            // WhatsApp takes a repeat of the id for the same message.
            SendResult.Unknown { IsLast: false } unknown when GivenId is not null && MayRepeat =>
                lastAttempt ? JobOutcome.Done : JobOutcome.Retry(unknown.Reason),
            // The lane's next waits for the echo, but not for ever.
            SendResult.Unknown unknown => JobOutcome.Snooze(OpenSends.UnknownHold, unknown.Reason),
            _ => JobOutcome.Done,
        };
}
