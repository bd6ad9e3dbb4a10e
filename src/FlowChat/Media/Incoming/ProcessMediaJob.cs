using System.Text.Json;
using FlowChat.Json;
using FlowChat.Messages;
using FlowChat.Queues;

namespace FlowChat.Media.Incoming;

/// <summary>The job that brings the bytes of a message's medium into the store. Its id is the attachment's.</summary>
internal sealed record ProcessMediaJob(Guid AttachmentId)
{
    public const string Queue = "process_incoming_media";

    /// <summary>WhatsApp itself forgets media; of a number that was away for longer nobody gets them.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    public static Job For(Guid tenantId, Guid attachmentId, Message message, DateTimeOffset now) =>
        new()
        {
            Id = attachmentId,
            TenantId = tenantId,
            Queue = Queue,
            Payload = JsonSerializer.SerializeToUtf8Bytes(
                new ProcessMediaJob(attachmentId),
                FlowChatJson.Options
            ),
            LimitKey = message.InstanceId.ToString(),
            ExpiresAt = now + Patience,
        };
}
