using FlowChat.Gateways;
using FlowChat.Queues;
using FlowChat.Storage;

namespace FlowChat.Messages.Changes;

/// <summary>The gateway's answer to a change and the job's end, in one transaction.</summary>
internal sealed class FinishChange(
    ChangeMessageJob job,
    ChangeResult result,
    JobLease lease,
    JobOutcome outcome
) : TenantChange<bool>
{
    public override void Declare(WorkKeys keys) => keys.Messages.Add(job.MessageId);

    public override bool Apply(Workspace work)
    {
        work.WithLedger((ledger, batch) => ledger.Settle(batch, lease, outcome));
        work.Wake(JobHint.Of(lease));
        // Another one may have taken its place: that one is shown.
        if (
            work.Messages.FindById(job.MessageId) is not { Change: { } change } message
            || change.Id != job.ChangeId
        )
        {
            return false;
        }
        if (result is ChangeResult.Done)
        {
            message.Change = null;
            Show(message, change, work.Now);
        }
        else if (outcome.Kind is JobOutcomeKind.Done or JobOutcomeKind.Dead)
        {
            message.Change = change with { State = MessageChangeState.Failed, Error = ErrorOf() };
        }
        else
        {
            return true;
        }
        work.MessageUpdated(message);
        return true;
    }

    private static void Show(Message message, MessageChange change, DateTimeOffset now)
    {
        switch (change.Kind)
        {
            case MessageChangeKind.Reaction:
                message.React(new(change.Text ?? "", change.By, now));
                break;
            case MessageChangeKind.Edit:
                message.Edit(change.Text, now);
                break;
            default:
                message.Delete(now);
                break;
        }
    }

    private MessageError ErrorOf() =>
        result switch
        {
            ChangeResult.Refused refused => new(refused.Code, refused.Reason),
            ChangeResult.NotConnected lost => new(SendError.NotConnected, lost.Reason),
            ChangeResult.Failed failed => new(SendError.GatewayError, failed.Reason),
            _ => new(SendError.GatewayError, null),
        };
}
