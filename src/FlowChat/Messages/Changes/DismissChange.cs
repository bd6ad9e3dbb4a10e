using FlowChat.Storage;

namespace FlowChat.Messages.Changes;

/// <summary>Gives up a change that failed. Doing it twice does no harm.</summary>
internal sealed class DismissChange(Guid messageId) : TenantChange<MessageAnswer>
{
    public override void Declare(WorkKeys keys) => keys.Messages.Add(messageId);

    public override MessageAnswer Apply(Workspace work)
    {
        if (work.Messages.FindById(messageId) is not { } message)
        {
            return new(MessageAnswer.Kind.Missing, null);
        }
        if (message.Change is { State: not MessageChangeState.Failed })
        {
            return new(MessageAnswer.Kind.WrongState, message.ToView());
        }
        if (message.Change is not null)
        {
            message.Change = null;
            work.MessageUpdated(message);
        }
        return new(MessageAnswer.Kind.Changed, message.ToView());
    }
}
