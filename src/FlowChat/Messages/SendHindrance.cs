using FlowChat.Gateways;
using FlowChat.Instances;
using FlowChat.Queues;
using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>What keeps a send from being called for: its number isn't connected, its time is over, too much went to this person.</summary>
internal static class SendHindrance
{
    /// <summary>How long sends wait when nobody has parked their number yet.</summary>
    private static readonly TimeSpan NotConnectedDelay = TimeSpan.FromSeconds(15);

    /// <summary>Their number is another's now.</summary>
    public const string NoAddress =
        "No address of this person is known that this number can send to.";

    /// <returns>What becomes of the job instead of a call; null = nothing hinders it.</returns>
    public static JobOutcome? Find(Workspace work, Message message, Instance instance, bool expired)
    {
        if (instance.DeletedAt is not null)
        {
            var reason = $"The number {instance.Name} was removed from FlowChat.";
            return Fail(work, message, SendError.InstanceMissing, reason);
        }
        if (InstanceState.CanSend(instance.State))
        {
            return FindLimit(work, message, instance);
        }
        return expired
            ? Fail(
                work,
                message,
                SendError.NotConnected,
                instance.StateReason ?? $"The number's state was {instance.State}."
            )
            : JobOutcome.Park(NotConnectedDelay, "The number isn't connected.");
    }

    /// <summary>What its gateway would refuse: to nobody, too late, too much to this person.</summary>
    private static JobOutcome? FindLimit(Workspace work, Message message, Instance instance)
    {
        var conversation = work.Conversations.Get(message.ConversationId);
        var limits = GatewayLimits.Of(instance.Gateway);
        if (conversation.JidFor(instance) is null)
        {
            return Fail(work, message, SendError.Undeliverable, NoAddress);
        }
        if (message.Type != MessageType.Template && conversation.IsWindowClosed(work.Now))
        {
            return Fail(
                work,
                message,
                SendError.WindowClosed,
                "The 24 hours after the last message of this person were over before it was sent."
            );
        }
        // The lane's next waits behind it: their order holds, and other conversations go on.
        return
            limits.Conversation?.WaitOf(conversation.PacedUntil, work.Now) is { Ticks: > 0 } pause
            ? Wait(work, message, pause)
            : null;
    }

    private static JobOutcome Wait(Workspace work, Message message, TimeSpan pause)
    {
        const string Reason = "WhatsApp takes no more for this person just now.";
        // A send in doubt says that it is: nothing else of it matters as much.
        if (message is { Status: MessageStatus.Queued, ErrorCode: not SendError.PairPace })
        {
            message.ErrorCode = SendError.PairPace;
            message.ErrorText = Reason;
            work.MessageUpdated(message);
        }
        return JobOutcome.Snooze(pause, Reason);
    }

    private static JobOutcome Fail(Workspace work, Message message, string code, string reason)
    {
        // An earlier call may have sent it: that stays open.
        if (message.Status != MessageStatus.Unknown)
        {
            message.Status = MessageStatus.Failed;
            message.ErrorCode = code;
            message.ErrorText = reason;
            work.MessageUpdated(message);
        }
        return JobOutcome.Done;
    }
}
