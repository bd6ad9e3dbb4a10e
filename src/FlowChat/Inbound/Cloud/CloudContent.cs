using System.Text.Json;
using FlowChat.Json;
using FlowChat.Media;
using FlowChat.Messages;
using FlowChat.Messages.Content;

namespace FlowChat.Inbound.Cloud;

/// <summary>What a message says, in FlowChat's words.</summary>
/// <param name="Type">See <see cref="MessageType"/>.</param>
/// <param name="Text">The text or caption.</param>
/// <param name="Content">Of the form that the type says; of an unsupported one its kind, in Meta's words.</param>
/// <param name="Media">A medium whose bytes are still at Meta.</param>
internal sealed record CloudContent(
    string Type,
    string? Text = null,
    string? Content = null,
    InboundMedia? Media = null
)
{
    public static CloudContent Read(JsonElement item, string waId)
    {
        var type = item.Text("type") ?? "";
        var fields = item.Child(type) ?? default;
        return type switch
            {
                "text" when fields.Text("body") is { } text => new(MessageType.Text, text),
                "image" or "video" or "audio" or "document" or "sticker" => ReadMedia(
                    type,
                    fields,
                    waId
                ),
                "location" => ReadPlace(fields),
                // The cards themselves are the array.
                "contacts" => Of(MessageType.Contacts, null, CloudCards.Read(item)),
                "button" => ReadChoice(fields, "payload", "text"),
                "interactive" => ReadReply(fields),
                _ => null,
            } ?? Unsupported(type, fields);
    }

    private static CloudContent? ReadMedia(string type, JsonElement fields, string waId)
    {
        if (fields.Text("id") is not { } id)
        {
            return null;
        }
        var kind = type == MessageType.Audio && fields.Flag("voice") ? MessageType.Voice : type;
        return new(
            kind,
            fields.Text("caption"),
            Media: new()
            {
                Kind = kind,
                MimeType = fields.Text("mime_type") ?? "application/octet-stream",
                FileName = fields.Text("filename"),
                Source = JsonSerializer.Serialize(
                    new MediaSource(waId, null, id),
                    FlowChatJson.Options
                ),
            }
        );
    }

    private static CloudContent? ReadPlace(JsonElement fields) =>
        fields.Child("latitude") is { ValueKind: JsonValueKind.Number } latitude
        && fields.Child("longitude") is { ValueKind: JsonValueKind.Number } longitude
            ? Of(
                MessageType.Location,
                null,
                new LocationContent(
                    latitude.GetDouble(),
                    longitude.GetDouble(),
                    fields.Text("name"),
                    fields.Text("address")
                )
            )
            : null;

    private static CloudContent? ReadReply(JsonElement fields) =>
        fields.Text("type") switch
        {
            "button_reply" => ReadChoice(fields.Child("button_reply") ?? default, "id", "title"),
            "list_reply" => ReadChoice(fields.Child("list_reply") ?? default, "id", "title"),
            "nfm_reply" => ReadChoice(
                fields.Child("nfm_reply") ?? default,
                "name",
                "body",
                "response_json"
            ),
            _ => null,
        };

    private static CloudContent? ReadChoice(
        JsonElement fields,
        string id,
        string title,
        string form = ""
    ) =>
        (fields.Text(title) ?? fields.Text(id)) is { } said
            ? Of(
                MessageType.Choice,
                said,
                new ChoiceContent(fields.Text(id), said, fields.Text("description"))
                {
                    Answers = FormAnswers.Read(fields.Text(form)),
                }
            )
            : null;

    /// <summary>Under the most telling name that it has: of an order also what was written with it.</summary>
    private static CloudContent Unsupported(string type, JsonElement fields)
    {
        var kind = type == MessageType.Unsupported ? fields.Text("type") ?? type : type;
        return Of(
            MessageType.Unsupported,
            type == "order" ? fields.Text("text") : null,
            new { kind }
        );
    }

    private static CloudContent Of<T>(string type, string? text, T content) =>
        new(type, text, JsonSerializer.Serialize(content, FlowChatJson.Options));
}
