using System.Text.Json;
using FlowChat.Json;
using FlowChat.Queues;

namespace FlowChat.Messages;

/// <summary>The job that brings a message to its gateway. Its id is the message's: a message has at most one.</summary>
internal sealed record SendMessageJob(Guid MessageId)
{
    public const string Queue = "send_message";

    /// <summary>How long a message waits for its number to be connected before it fails visibly.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    public static Job For(Guid tenantId, Message message, DateTimeOffset now) =>
        new()
        {
            Id = message.Id,
            TenantId = tenantId,
            Queue = Queue,
            Payload = JsonSerializer.SerializeToUtf8Bytes(
                new SendMessageJob(message.Id),
                FlowChatJson.Options
            ),
            Lane = message.ConversationId.ToString(),
            LimitKey = message.InstanceId.ToString(),
            ExpiresAt = now + Patience,
        };
}
