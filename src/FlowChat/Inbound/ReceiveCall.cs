using System.Text.Json;
using FlowChat.Json;
using FlowChat.Messages;
using FlowChat.Messages.Content;
using FlowChat.Storage;

namespace FlowChat.Inbound;

/// <summary>A call rings, and becomes what came of it: one line in the thread.</summary>
/// <param name="call">A message of type call, by the call's id.</param>
/// <param name="outcome">See <see cref="CallOutcome"/>.</param>
internal sealed class ReceiveCall(InboundMessage call, string outcome) : TenantChange<Received>
{
    private readonly ReceiveMessage _first = new(call);

    public override void Declare(WorkKeys keys) => _first.Declare(keys);

    public override Received Apply(Workspace work)
    {
        if (work.Messages.FindByWaId(call.Key) is not { } known)
        {
            return _first.Apply(work);
        }
        if (
            known.Type != MessageType.Call
            || Read(known) is not { } before
            || !CallOutcome.Advances(before.Outcome, outcome)
        )
        {
            return Received.Duplicate;
        }
        known.Content = JsonSerializer.Serialize(
            before with
            {
                Outcome = outcome,
            },
            FlowChatJson.Options
        );
        work.MessageUpdated(known);
        return Received.Accepted;
    }

    private static CallContent? Read(Message message) =>
        message.Content is { } content
            ? JsonSerializer.Deserialize<CallContent>(content, FlowChatJson.Options)
            : null;
}
