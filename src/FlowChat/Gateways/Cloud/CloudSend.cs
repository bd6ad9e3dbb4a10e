using System.Text.Json;
using FlowChat.Json;
using FlowChat.Messages;
using FlowChat.Messages.Changes;
using FlowChat.Messages.Content;

namespace FlowChat.Gateways.Cloud;

/// <summary>The body of a send, in Meta's words.</summary>
internal static class CloudSend
{
    /// <param name="message">What is sent.</param>
    /// <param name="mediaId">Of its file, once that is uploaded.</param>
    /// <exception cref="NotSupportedException">The Cloud API can't send that type; it isn't among the gateway's abilities.</exception>
    public static Dictionary<string, object?> Of(OutboundMessage message, string? mediaId)
    {
        var (type, content) = ContentOf(message, mediaId);
        var body = Addressed(message.Jid);
        if (message.ReplyTo is { } quote)
        {
            body["context"] = new { MessageId = quote.WaId };
        }
        body["type"] = type;
        body[type] = content;
        // Comes back with each status: the only trace of a call whose answer got lost.
        body["biz_opaque_callback_data"] = message.Id.ToString();
        return body;
    }

    public static Dictionary<string, object?> Reaction(OutboundChange change)
    {
        var body = Addressed(change.Jid);
        body["type"] = MessageChangeKind.Reaction;
        body[MessageChangeKind.Reaction] = new
        {
            MessageId = change.WaId,
            Emoji = change.Text ?? "",
        };
        return body;
    }

    // A number where it is known: only then Meta goes on telling it.
    private static Dictionary<string, object?> Addressed(string jid)
    {
        // A business-scoped id stands alone.
        var at = jid.IndexOf('@', StringComparison.Ordinal);
        return new(StringComparer.Ordinal)
        {
            ["messaging_product"] = "whatsapp",
            ["recipient_type"] = "individual",
            [at < 0 ? "recipient" : "to"] = at < 0 ? jid : jid[..at],
        };
    }

    private static (string Type, object Content) ContentOf(
        OutboundMessage message,
        string? mediaId
    ) =>
        message.Type switch
        {
            MessageType.Text => (
                "text",
                new { PreviewUrl = message.HasPreview, Body = message.Text }
            ),
            MessageType.Image or MessageType.Video => (
                message.Type,
                new { Id = mediaId, Caption = message.Text }
            ),
            MessageType.Document => (
                message.Type,
                new
                {
                    Id = mediaId,
                    Caption = message.Text,
                    Filename = message.Media!.FileName,
                }
            ),
            MessageType.Sticker or MessageType.Audio => (message.Type, new { Id = mediaId }),
            MessageType.Voice => (
                MessageType.Audio,
                new { Id = mediaId, Voice = CloudMedia.IsOgg(message.Media!) }
            ),
            MessageType.Location => (message.Type, Read<LocationContent>(message)),
            MessageType.Contacts => (
                message.Type,
                Read<ContactsContent>(message).Contacts.Select(Card)
            ),
            MessageType.Template => (
                message.Type,
                CloudTemplate.ToSend(
                    Read<TemplateContent>(message),
                    mediaId,
                    message.Media?.FileName
                )
            ),
            _ => throw new NotSupportedException($"The Cloud API can't send {message.Type}."),
        };

    private static object Card(ContactCard card) =>
        new
        {
            // Meta wants a part of the name beside the whole.
            Name = new { FormattedName = card.Name, FirstName = card.Name },
            Phones = card.Phones.Select(phone => new
            {
                Phone = phone,
                Type = "CELL",
                WaId = string.Concat(phone.Where(char.IsAsciiDigit)),
            }),
            Emails = card.Email is null ? null : new[] { new { card.Email, Type = "WORK" } },
            Org = card.Organization is null ? null : new { Company = card.Organization },
        };

    private static T Read<T>(OutboundMessage message) =>
        JsonSerializer.Deserialize<T>(message.Content!, FlowChatJson.Options)!;
}
