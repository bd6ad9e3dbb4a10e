using System.Text.Json;
using FlowChat.Json;
using FlowChat.Queues;

namespace FlowChat.Messages.Changes;

/// <summary>What the team does to a message, on its way to WhatsApp: the message shows it as done once WhatsApp has it.</summary>
/// <param name="Id">Its job's. A later change of the message takes its place.</param>
/// <param name="Kind">reaction, edit or delete.</param>
/// <param name="Text">The emoji, empty for none; the new text.</param>
/// <param name="State">queued or failed.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="Error">Why it failed.</param>
public sealed record MessageChange(
    Guid Id,
    string Kind,
    string? Text,
    string State,
    MessageSender By,
    MessageError? Error
);

internal static class MessageChangeKind
{
    public const string Reaction = "reaction";
    public const string Edit = "edit";
    public const string Delete = "delete";
}

internal static class MessageChangeState
{
    public const string Queued = "queued";
    public const string Failed = "failed";
}

/// <summary>The job that brings a change to its gateway.</summary>
internal sealed record ChangeMessageJob(Guid MessageId, Guid ChangeId)
{
    public const string Queue = "change_message";

    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public static Job For(Guid tenantId, Message message, DateTimeOffset now) =>
        new()
        {
            Id = message.Change!.Id,
            TenantId = tenantId,
            Queue = Queue,
            Payload = JsonSerializer.SerializeToUtf8Bytes(
                new ChangeMessageJob(message.Id, message.Change.Id),
                FlowChatJson.Options
            ),
            // What is done to one message goes out in the order in which it was asked for.
            Lane = message.Id.ToString(),
            LimitKey = message.InstanceId.ToString(),
            ExpiresAt = now + Patience,
        };
}
