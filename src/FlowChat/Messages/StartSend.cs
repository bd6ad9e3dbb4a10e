using FlowChat.Gateways;
using FlowChat.Instances;
using FlowChat.Queues;
using FlowChat.Queues.Postgres;
using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>The claim of a send: "sending" is committed before the gateway is called.</summary>
internal sealed class StartSend(Guid messageId, Guid instanceId, JobLease lease, bool expired)
    : TenantChange<StartSend.Answer>
{
    /// <param name="Instance">Through which.</param>
    /// <param name="Message">What its row tells.</param>
    /// <param name="AttachmentId">Its file.</param>
    /// <param name="QuotedContactId">Whom it answers in a group.</param>
    /// <param name="At">Not before: the number's rate.</param>
    public sealed record Call(
        Instance Instance,
        OutboundMessage Message,
        Guid? AttachmentId,
        Guid? QuotedContactId,
        DateTimeOffset At
    )
    {
        /// <summary>An earlier call may have sent it, under the same id.</summary>
        public bool IsRepeat { get; init; }
    }

    /// <summary>What to call for; or what became of the job instead, and it is settled.</summary>
    public readonly record struct Answer(Call? Call, JobOutcome? Settled);

    private readonly WaKey _first = new(instanceId, OwnMessageId.Of(messageId));

    public override void Declare(WorkKeys keys)
    {
        keys.Messages.Add(messageId);
        keys.WaIds.Add(_first);
        keys.OpenSends = true;
        keys.Instances.Add(instanceId);
    }

    public override Answer Apply(Workspace work)
    {
        var message = work.Messages.FindById(messageId);
        var instance = work.Instances.Find(instanceId)!;
        if (Prevent(work, message, instance) is { } outcome)
        {
            // With the message's state: a resend or an echo that comes next must find the job as it is left.
            work.WithLedger((ledger, batch) => ledger.Settle(batch, lease, outcome));
            work.Wake(JobHint.Of(lease));
            return new(null, outcome);
        }
        var at = Pace(work, message!, instance);
        // A worker that was stopped past its lease must not start a call when it wakes up.
        work.WithLedger((_, batch) => JobLedger.Guard(batch, lease));
        var isRepeat = message!.Status == MessageStatus.Unknown;
        message.Status = MessageStatus.Sending;
        message.ErrorCode = null;
        message.ErrorText = null;
        GiveId(work, message, instance);
        work.MessageUpdated(message);
        var conversation = work.Conversations.Get(message.ConversationId);
        return new(
            new(
                instance,
                Outbound(work.TenantId, conversation.JidFor(instance)!, message),
                message.Attachments is [var attachment, ..] ? attachment.Id : null,
                conversation.Group is not null
                && message.ReplyTo?.Sender is { Kind: SenderKind.Contact } author
                    ? author.Id
                    : null,
                at
            )
            {
                IsRepeat = isRepeat,
            },
            null
        );
    }

    /// <summary>Recorded before the call: whatever becomes of it, its echo is known by the id, and a repeat has the same.</summary>
    private void GiveId(Workspace work, Message message, Instance instance)
    {
        if (OwnMessageId.IsTaken(instance, message.Type))
        {
            var id = message switch
            {
                { WaId: null } when work.Messages.FindByWaId(_first) is not null =>
                    OwnMessageId.After(_first.WaId),
                { WaId: null } => _first.WaId,
                { WaId: var refused, OwnId: null } => OwnMessageId.After(refused),
                { WaId: var own } => own,
            };
            work.Messages.GiveWaId(message, id);
            message.OwnId = OwnIdState.Given;
        }
        else if (message.OwnId is not null)
        {
            message.OwnId = OwnIdState.Kept;
        }
    }

    private static OutboundMessage Outbound(Guid tenantId, string jid, Message message) =>
        new()
        {
            Id = message.Id,
            TenantId = tenantId,
            WaId = message.OwnId == OwnIdState.Given ? message.WaId : null,
            Jid = jid,
            Type = message.Type,
            Text = message.Text,
            Content = message.Content,
            ReplyTo = message.ReplyTo is { } quote
                ? new(
                    quote.WaId,
                    quote.Sender?.Kind is SenderKind.User or SenderKind.Phone,
                    null,
                    quote.Text
                )
                : null,
            Mentions = [.. message.Mentions.Select(mention => mention.Jid)],
        };

    /// <returns>What becomes of the job instead of a call.</returns>
    private JobOutcome? Prevent(Workspace work, Message? message, Instance instance)
    {
        switch (message?.Status)
        {
            // Sent before the database was restored from its backup, and found in the gateway's history since.
            case MessageStatus.Queued
                when message.WaId is null
                    && work.Messages.FindByWaId(_first) is { Status: not MessageStatus.Failed }:
                OpenSends.Confirm(work, message, _first.WaId);
                return JobOutcome.Done;
            case MessageStatus.Queued:
                return SendHindrance.Find(work, message, instance, expired);
            // Its worker died between this state and the next: the gateway may have it.
            case MessageStatus.Sending:
                message.Status = MessageStatus.Unknown;
                message.UnknownAt ??= work.Now;
                work.MessageUpdated(message);
                break;
        }
        if (message?.Status != MessageStatus.Unknown)
        {
            return JobOutcome.Done;
        }
        var isHeeded = OwnMessageId.IsHeeded(instance, message.Type);
        if (!isHeeded && message.OwnId is not null)
        {
            message.OwnId = OwnIdState.Kept;
        }
        OpenSends.Match(work, work.Conversations.Get(message.ConversationId));
        if (message.Status != MessageStatus.Unknown)
        {
            return JobOutcome.Done;
        }
        if (message.OwnId == OwnIdState.Given && isHeeded)
        {
            return SendHindrance.Find(work, message, instance, expired);
        }
        var held = OpenSends.UnknownHold - (work.Now - message.UnknownAt!.Value);
        return held > TimeSpan.Zero
            ? JobOutcome.Snooze(held, "The outcome of the last attempt is unknown.")
            : JobOutcome.Done;
    }

    /// <summary>Takes its place in both rates.</summary>
    /// <returns>When the number may call: soon, as it makes few calls at once.</returns>
    private static DateTimeOffset Pace(Workspace work, Message message, Instance instance)
    {
        var conversation = work.Conversations.Get(message.ConversationId);
        if (GatewayLimits.Of(instance.Gateway).Conversation is { } pair)
        {
            conversation.PacedUntil = pair.Take(conversation.PacedUntil, work.Now);
            work.Conversations.Touch(conversation);
        }
        if (GatewayLimits.RateOf(instance) is not { } rate)
        {
            return work.Now;
        }
        var pace = GatewayLimits.PaceOf(rate);
        var wait = pace.WaitOf(instance.PacedUntil, work.Now);
        work.Instances.Pace(instance, pace.Take(instance.PacedUntil, work.Now));
        return work.Now + wait;
    }
}
