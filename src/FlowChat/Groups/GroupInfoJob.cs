using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlowChat.Conversations;
using FlowChat.Json;
using FlowChat.Queues;

namespace FlowChat.Groups;

/// <summary>The job that asks a gateway who is in a group, and what it is called now.</summary>
internal sealed record GroupInfoJob(Guid ConversationId, string GroupJid, Guid InstanceId)
{
    public const string Queue = "fetch_group_info";

    /// <summary>Older knowledge is refreshed when somebody writes.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(1);

    /// <summary>A gateway that knows nothing of a group isn't asked with each of its messages.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <returns>Null = what is known is fresh, or its gateway has just been asked.</returns>
    public static Job? For(Guid tenantId, Conversation conversation, DateTimeOffset now) =>
        conversation.Group is { } group
        && (group.FetchedAt is not { } at || now - at > Fresh)
        && (group.AskedAt is not { } asked || now - asked > Pause)
            ? Of(tenantId, conversation, now)
            : null;

    // Told: what has it asked for, where a job that runs by now may have heard what is older.
    public static Job Of(
        Guid tenantId,
        Conversation conversation,
        DateTimeOffset now,
        string? told = null
    ) =>
        new()
        {
            Id = IdOf(conversation.Id, now, told),
            TenantId = tenantId,
            Queue = Queue,
            Payload = JsonSerializer.SerializeToUtf8Bytes(
                new GroupInfoJob(conversation.Id, conversation.Group!.Jid, conversation.InstanceId),
                FlowChatJson.Options
            ),
            LimitKey = conversation.InstanceId.ToString(),
            ExpiresAt = now + Fresh,
        };

    // While one waits, however many write.
    private static Guid IdOf(Guid conversationId, DateTimeOffset now, string? told)
    {
        var name = $"{Queue} {conversationId} {now.ToUnixTimeSeconds() / 3_600} {told}";
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
    }
}
