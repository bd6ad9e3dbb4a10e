using FlowChat.Conversations;
using FlowChat.Gateways;
using FlowChat.Inbound;
using FlowChat.Queues;
using FlowChat.Queues.Postgres;
using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>
/// Brings the sends whose outcome isn't known together with the echoes that came meanwhile.
/// Wrong is worse than open: only the id, or exactly one candidate on both sides, decides.
/// </summary>
internal static class OpenSends
{
    /// <summary>How long a send that stays unknown holds the sends behind it, and the echoes that came meanwhile.</summary>
    public static readonly TimeSpan UnknownHold = TimeSpan.FromSeconds(60);

    // Clocks differ and WhatsApp's time has a resolution of one second.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(10);

    // What is sent days later with the same words is another message.
    private static readonly TimeSpan EchoDelay = TimeSpan.FromMinutes(5);

    /// <summary>Called whenever a send of the conversation changed its state, was unknown for long enough, or an echo was held.</summary>
    public static void Match(Workspace work, Conversation conversation)
    {
        foreach (var echo in work.HeldEchoes.Of(conversation))
        {
            if (work.Messages.FindByWaId(echo.Key) is { } message)
            {
                work.HeldEchoes.Release(echo);
                ReceiveReceipt.Apply(work, message, echo.Message.Receipt);
            }
        }
        foreach (var echo in work.HeldEchoes.Of(conversation).Where(MayMatch))
        {
            MatchByContent(work, conversation, echo);
        }
        if (!work.Messages.OpenSends(conversation).Any(send => StillHolds(send, work.Now)))
        {
            foreach (var echo in work.HeldEchoes.Of(conversation))
            {
                if (IsInDoubt(work, conversation, echo.Message))
                {
                    continue;
                }
                work.HeldEchoes.Release(echo);
                ReceiveMessage.Append(work, conversation, echo.Message);
            }
        }
    }

    private static void MatchByContent(Workspace work, Conversation conversation, HeldEcho echo)
    {
        var candidates = work
            .Messages.OpenSends(conversation)
            .Where(send => CouldBe(send, echo.Message))
            .ToList();
        var rivals = work
            .HeldEchoes.Of(conversation)
            .Count(other =>
                other != echo
                && MayMatch(other)
                && candidates.Exists(send => CouldBe(send, other.Message))
            );
        // A send that is still under way will tell its id itself.
        if (candidates is not [{ Status: MessageStatus.Unknown } send] || rivals > 0)
        {
            return;
        }
        work.HeldEchoes.Release(echo);
        Confirm(work, send, echo.Message.WaId);
        ReceiveReceipt.Apply(work, send, echo.Message.Receipt);
    }

    /// <summary>The gateway has the message, and this is its id there.</summary>
    public static void Confirm(Workspace work, Message send, string waId)
    {
        var key = new WaKey(send.InstanceId, waId);
        // An echo that was held for as long as may be is a message of its own by now, and keeps its id and its receipts.
        var released = work.Messages.FindByWaId(key) is { } other && other != send ? other : null;
        work.Messages.GiveWaId(send, released is null ? waId : null);
        send.OwnId = null;
        send.Status = MessageStatus.Sent;
        send.ErrorCode = null;
        send.ErrorText = null;
        send.UnknownAt = null;
        if (released is not null)
        {
            ReceiveReceipt.Advance(
                send,
                new(released.Status, released.ErrorText, released.ErrorCode)
            );
        }
        else if (work.EarlyReceipts.Take(key) is { } receipt)
        {
            ReceiveReceipt.Advance(send, receipt);
        }
        ReceiveChange.ApplyEarly(work, send, key);
        work.MessageUpdated(send);
        Quotes.Link(work, send);
        // Its lane need not wait for the rest of the minute.
        work.WithLedger((_, batch) => JobLedger.Wake(batch, work.TenantId, send.Id));
        work.Wake(JobHint.Of(SendMessageJob.Queue, work.TenantId, send.Id));
    }

    private static bool MayMatch(HeldEcho echo) => echo.Message.IsEcho || echo.Message.MayBeEcho;

    // Shown beside a send that may be it, it would say the same thing twice: a person's word on the send decides.
    private static bool IsInDoubt(
        Workspace work,
        Conversation conversation,
        InboundMessage message
    ) =>
        message.MayBeEcho
        && work.Messages.OpenSends(conversation).Any(send => CouldBe(send, message));

    private static bool StillHolds(Message send, DateTimeOffset now) =>
        send.UnknownAt is { } since
            ? now - since < UnknownHold
            : send.Status == MessageStatus.Sending;

    private static bool CouldBe(Message send, InboundMessage echo) =>
        // An echo of it has its id.
        send.OwnId != OwnIdState.Given
        && send.Type == echo.Type
        && send.Text == echo.Text
        && echo.SentAt >= send.SentAt - ClockSlack
        && (send.UnknownAt is not { } since || echo.SentAt <= since + EchoDelay);
}
