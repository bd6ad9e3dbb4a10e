using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using FlowChat.Json;
using FlowChat.Queues;

namespace FlowChat.Conversations;

/// <summary>The job that tells the other side what the team has read.</summary>
/// <param name="ConversationId">The conversation that an agent opened, or answered in.</param>
/// <param name="MessageId">Its newest message then.</param>
/// <param name="After">The team had read up to this arrival before; absent: that message alone is meant.</param>
/// <param name="Until">And has read up to this one now.</param>
internal sealed record MarkAsReadJob(
    Guid ConversationId,
    Guid MessageId,
    long? After = null,
    long? Until = null
)
{
    public const string Queue = "mark_as_read";

    /// <summary>Of a number that was away for longer nobody waits for blue ticks.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    /// <summary>Before the conversation is seen.</summary>
    public static Job For(Guid tenantId, Conversation conversation, DateTimeOffset now) =>
        new()
        {
            Id = IdOf(conversation),
            TenantId = tenantId,
            Queue = Queue,
            Payload = JsonSerializer.SerializeToUtf8Bytes(
                new MarkAsReadJob(
                    conversation.Id,
                    conversation.LastMessage!.Id,
                    conversation.SeenArrivals,
                    conversation.Arrivals
                ),
                FlowChatJson.Options
            ),
            LimitKey = conversation.InstanceId.ToString(),
            ExpiresAt = now + Patience,
        };

    /// <summary>One for each state of the thread: whoever opens it again before the next message adds nothing.</summary>
    private static Guid IdOf(Conversation conversation)
    {
        Span<byte> name = stackalloc byte[24];
        conversation.Id.TryWriteBytes(name);
        BinaryPrimitives.WriteInt64BigEndian(name[16..], conversation.Arrivals);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(name, hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
