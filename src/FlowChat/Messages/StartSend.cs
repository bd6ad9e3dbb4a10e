using FlowChat.Instances;
using FlowChat.Queues;
using FlowChat.Queues.Postgres;
using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>The claim of a send: "sending" is committed before the gateway is called.</summary>
internal sealed class StartSend(Guid messageId, Guid instanceId, JobLease lease, bool expired)
    : TenantChange<StartSend.Answer>
{
    /// <summary>How long an unknown send holds the sends behind it.</summary>
    public static readonly TimeSpan UnknownHold = TimeSpan.FromSeconds(60);

    public enum Next
    {
        Call,

        /// <summary>Sent, failed or given up meanwhile: the job is settled.</summary>
        Nothing,
        WaitForEcho,
        NotConnected,

        /// <summary>Failed visibly: the job is settled.</summary>
        GaveUp,
    }

    public readonly record struct Answer(
        Next Next,
        TimeSpan Wait = default,
        string? Jid = null,
        string? Text = null,
        Instance? Instance = null
    );

    public override void Declare(WorkKeys keys)
    {
        keys.Messages.Add(messageId);
        keys.OpenSends = true;
        keys.Instances.Add(instanceId);
    }

    public override Answer Apply(Workspace work)
    {
        var answer = Decide(work);
        if (answer.Next is Next.Nothing or Next.GaveUp)
        {
            // With the message's state, or a resend between the two would find its job alive and lose it.
            work.WithLedger((ledger, batch) => ledger.Settle(batch, lease, JobOutcome.Done));
            work.Wake(lease.Queue);
        }
        else
        {
            // A worker that was stopped past its lease must not start a call when it wakes up.
            work.WithLedger((_, batch) => JobLedger.Guard(batch, lease));
        }
        return answer;
    }

    private Answer Decide(Workspace work)
    {
        if (work.Messages.FindById(messageId) is not { } message)
        {
            return new(Next.Nothing);
        }
        switch (message.Status)
        {
            case MessageStatus.Queued:
                return Start(work, message);
            // Its worker died between this state and the next: the gateway may have it.
            case MessageStatus.Sending:
                message.Status = MessageStatus.Unknown;
                message.UnknownAt = work.Now;
                work.MessageUpdated(message);
                OpenSends.Match(work, work.Conversations.Get(message.ConversationId));
                break;
        }
        var held =
            message.Status == MessageStatus.Unknown
                ? UnknownHold - (work.Now - message.UnknownAt!.Value)
                : TimeSpan.Zero;
        return held > TimeSpan.Zero ? new(Next.WaitForEcho, held) : new(Next.Nothing);
    }

    private Answer Start(Workspace work, Message message)
    {
        var instance = work.Instances.Find(instanceId)!;
        if (instance.DeletedAt is not null || (expired && !InstanceState.CanSend(instance.State)))
        {
            message.Status = MessageStatus.Failed;
            message.ErrorCode = instance.DeletedAt is null
                ? SendError.NotConnected
                : SendError.InstanceMissing;
            work.MessageUpdated(message);
            return new(Next.GaveUp);
        }
        if (!InstanceState.CanSend(instance.State))
        {
            return new(Next.NotConnected);
        }
        message.Status = MessageStatus.Sending;
        work.MessageUpdated(message);
        var jid = work.Conversations.Get(message.ConversationId).Jid;
        return new(Next.Call, Jid: jid, Text: message.Text, Instance: instance);
    }
}
