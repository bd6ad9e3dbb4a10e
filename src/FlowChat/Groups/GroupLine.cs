using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlowChat.Contacts;
using FlowChat.Conversations;
using FlowChat.Json;
using FlowChat.Messages;
using FlowChat.Messages.Content;
using FlowChat.Storage;

namespace FlowChat.Groups;

/// <summary>A group's own line in its thread: nobody wrote it, and nobody has to read it.</summary>
internal static class GroupLine
{
    /// <summary>In place of a message's id, which such an event doesn't have.</summary>
    public static string IdOf(params string[] parts) =>
        "SYSTEM"
        + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[
            ..32
        ];

    /// <param name="work">The batch.</param>
    /// <param name="conversation">Whose thread.</param>
    /// <param name="id">See <see cref="IdOf"/>.</param>
    /// <param name="at">When it happened: its place in the thread.</param>
    /// <param name="content">What it says.</param>
    /// <returns>False = it is there already.</returns>
    public static bool Write(
        Workspace work,
        Conversation conversation,
        string id,
        DateTimeOffset at,
        SystemContent content
    )
    {
        if (work.Messages.FindByWaId(new(conversation.InstanceId, id)) is not null)
        {
            return false;
        }
        var row = new Message
        {
            Id = Guid.CreateVersion7(),
            IsNew = true,
            ConversationId = conversation.Id,
            InstanceId = conversation.InstanceId,
            Direction = MessageDirection.In,
            Type = MessageType.System,
            Text = content.Text,
            Content = JsonSerializer.Serialize(content, FlowChatJson.Options),
            Status = MessageStatus.Received,
            WaId = id,
            SentAt = at < work.Now ? at : work.Now,
            Arrival = ++conversation.Arrivals,
        };
        work.Messages.Add(row);
        conversation.Append(row);
        work.MessageCreated(row);
        return true;
    }

    public static SystemMember Member(Contact contact) =>
        new(contact.Id, contact.Name, contact.Phone);
}
