using FlowChat.Gateways;
using FlowChat.Storage;

namespace FlowChat.Messages.Changes;

/// <summary>An agent reacts to a message, edits or deletes it.</summary>
internal sealed class QueueChange(Guid messageId, string kind, string? text, MessageSender by)
    : TenantChange<QueueChange.Answer>
{
    /// <summary>WhatsApp's own limit; gateways don't keep it.</summary>
    public static readonly TimeSpan EditTime = TimeSpan.FromMinutes(15);

    public static readonly MessageError TooLate = new(
        SendError.EditTooLate,
        $"WhatsApp takes an edit up to {EditTime.TotalMinutes:0} minutes after the message."
    );

    /// <param name="Refusal">Why it can't be done; null = it is queued, or done already.</param>
    /// <param name="Message">Null = there is none.</param>
    public readonly record struct Answer(MessageView? Message, MessageError? Refusal);

    public override void Declare(WorkKeys keys) => keys.Messages.Add(messageId);

    public override Answer Apply(Workspace work)
    {
        if (work.Messages.FindById(messageId) is not { } message)
        {
            return default;
        }
        if (FindRefusal(work, message) is { } refusal)
        {
            return new(message.ToView(), refusal);
        }
        message.Change = new(
            Guid.CreateVersion7(),
            kind,
            text,
            MessageChangeState.Queued,
            by,
            null
        );
        work.Enqueue(ChangeMessageJob.For(work.TenantId, message, work.Now));
        work.MessageUpdated(message);
        return new(message.ToView(), null);
    }

    // A message holds one change: a deletion takes the place of any, others of one like them.
    private bool IsBehindAnother(Message message) =>
        message.Change is { State: MessageChangeState.Queued, Kind: var queued }
        && queued != kind
        && kind != MessageChangeKind.Delete;

    private MessageError? FindRefusal(Workspace work, Message message)
    {
        var conversation = work.Conversations.Get(message.ConversationId);
        var ability = kind == MessageChangeKind.Reaction ? GatewayAbility.React : kind;
        return conversation.IsInstanceDeleted
                ? new(SendError.NumberRemoved, "This conversation's number was removed.")
            : !GatewayAbility
                .Of(conversation.Gateway, conversation.GatewayVersion)
                .Contains(ability)
                ? new(
                    SendError.Unable,
                    "This number's gateway can't do that: see its abilities in GET /api/instances."
                )
            : message.DeletedAt is not null ? new(SendError.Deleted, "The message was deleted.")
            : IsBehindAnother(message)
                ? new(
                    SendError.ChangePending,
                    "Another change of it is on its way: try again when it is there."
                )
            : message.KnownWaId is null
                ? new(
                    SendError.NotSentYet,
                    $"WhatsApp doesn't have the message: it is {message.Status}."
                )
            : kind == MessageChangeKind.Reaction ? null
            : !message.IsOut
                ? new(SendError.NotOurs, "Only what this number sent can be edited or deleted.")
            : kind == MessageChangeKind.Edit ? FindEditRefusal(work, message)
            : null;
    }

    private static MessageError? FindEditRefusal(Workspace work, Message message) =>
        message.Type != MessageType.Text ? new(SendError.NotText, "Only a text can be edited.")
        : work.Now - message.SentAt > EditTime ? TooLate
        : null;
}
