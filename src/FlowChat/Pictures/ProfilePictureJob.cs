using System.Text.Json;
using FlowChat.Contacts;
using FlowChat.Json;
using FlowChat.Storage;

namespace FlowChat.Pictures;

/// <summary>The job that asks a gateway for somebody's picture, and brings it into the store.</summary>
internal sealed record ProfilePictureJob(Guid ContactId, string Jid, Guid InstanceId)
{
    public const string Queue = "fetch_profile_pic";

    /// <summary>After that somebody who writes has it asked for again, whatever became of this job.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    /// <summary>Somebody wrote, or is written to: what is known of others is left to age.</summary>
    public static void AskWhenDue(Workspace work, Guid instanceId, Contact contact)
    {
        if (contact.PictureDueAt is not { } due || due <= work.Now)
        {
            Ask(work, instanceId, contact);
        }
    }

    public static void Ask(Workspace work, Guid instanceId, Contact contact)
    {
        contact.PictureDueAt = work.Now + Patience;
        work.Contacts.Touch(contact);
        work.Enqueue(
            new()
            {
                TenantId = work.TenantId,
                Queue = Queue,
                Payload = JsonSerializer.SerializeToUtf8Bytes(
                    new ProfilePictureJob(contact.Id, contact.Jid, instanceId),
                    FlowChatJson.Options
                ),
                LimitKey = instanceId.ToString(),
                ExpiresAt = work.Now + Patience,
            }
        );
    }
}
