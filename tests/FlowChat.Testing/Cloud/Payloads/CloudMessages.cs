using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Cloud.Payloads;

/// <summary>Which of their addresses a person's webhooks tell.</summary>
public enum PersonForm
{
    /// <summary>As before there were others.</summary>
    Phone,

    /// <summary>The number and the business-scoped id.</summary>
    Both,

    /// <summary>Their number is hidden behind a username.</summary>
    UserId,
}

/// <summary>Elements of value.messages, in the forms that Meta documents.</summary>
public static class CloudMessages
{
    public static string UserId(this Person person) => $"BR.{person.Lid}";

    /// <summary>Without an id and a time, which <see cref="At"/> gives.</summary>
    public static JsonObject Text(string body) => Of("text", new() { ["body"] = body });

    public static JsonObject Media(
        string type,
        string mediaId,
        string mimeType,
        string? caption = null,
        string? fileName = null,
        bool voice = false
    )
    {
        var fields = new JsonObject
        {
            ["mime_type"] = mimeType,
            ["sha256"] = "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=",
            ["id"] = mediaId,
            // Good for five minutes, and for who has the token.
            ["url"] = $"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid={mediaId}",
        };
        if (caption is not null)
            fields["caption"] = caption;
        if (fileName is not null)
            fields["filename"] = fileName;
        if (type == "audio")
            fields["voice"] = voice;
        if (type == "sticker")
            fields["animated"] = false;
        return Of(type, fields);
    }

    public static JsonObject Place(double latitude, double longitude, string? name = null) =>
        Of(
            "location",
            new()
            {
                ["latitude"] = latitude,
                ["longitude"] = longitude,
                ["name"] = name,
                ["address"] = "Av. Paulista, 1578",
                ["url"] = "https://example.com/masp",
            }
        );

    public static JsonObject Card(string name, string phone) =>
        new()
        {
            ["type"] = "contacts",
            ["contacts"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = new JsonObject { ["formatted_name"] = name, ["first_name"] = name },
                    ["phones"] = new JsonArray(
                        new JsonObject
                        {
                            ["phone"] = phone,
                            ["wa_id"] = string.Concat(phone.Where(char.IsAsciiDigit)),
                            ["type"] = "CELL",
                        }
                    ),
                    ["org"] = new JsonObject { ["company"] = "Acme" },
                    ["emails"] = new JsonArray(
                        new JsonObject { ["email"] = "b@example.com", ["type"] = "WORK" }
                    ),
                }
            ),
        };

    /// <summary>A template's quick reply.</summary>
    public static JsonObject Button(string text, string payload) =>
        Of("button", new() { ["text"] = text, ["payload"] = payload });

    public static JsonObject ButtonReply(string id, string title) =>
        Of(
            "interactive",
            new()
            {
                ["type"] = "button_reply",
                ["button_reply"] = new JsonObject { ["id"] = id, ["title"] = title },
            }
        );

    public static JsonObject ListReply(string id, string title, string description) =>
        Of(
            "interactive",
            new()
            {
                ["type"] = "list_reply",
                ["list_reply"] = new JsonObject
                {
                    ["id"] = id,
                    ["title"] = title,
                    ["description"] = description,
                },
            }
        );

    /// <summary>A Flow's form, filled in.</summary>
    public static JsonObject FlowReply(string responseJson) =>
        Of(
            "interactive",
            new()
            {
                ["type"] = "nfm_reply",
                ["nfm_reply"] = new JsonObject
                {
                    ["name"] = "flow",
                    ["body"] = "Sent",
                    ["response_json"] = responseJson,
                },
            }
        );

    public static JsonObject Order(string text) =>
        Of(
            "order",
            new()
            {
                ["catalog_id"] = "194836987003835",
                ["text"] = text,
                ["product_items"] = new JsonArray(
                    new JsonObject
                    {
                        ["product_retailer_id"] = "di9ozbzfi4",
                        ["quantity"] = 2,
                        ["item_price"] = 30,
                        ["currency"] = "BRL",
                    }
                ),
            }
        );

    /// <summary>Without an emoji it was taken back.</summary>
    public static JsonObject Reaction(string waId, string? emoji)
    {
        var fields = new JsonObject { ["message_id"] = waId };
        if (emoji is not null)
            fields["emoji"] = emoji;
        return Of("reaction", fields);
    }

    public static JsonObject Revoke(string waId) =>
        Of("revoke", new() { ["original_message_id"] = waId });

    public static JsonObject Edit(string waId, string text) => Edit(waId, Text(text));

    public static JsonObject Edit(string waId, JsonObject message) =>
        Of("edit", new() { ["original_message_id"] = waId, ["message"] = message });

    public static JsonObject NumberChanged(Person person, string newDigits) =>
        Of(
            "system",
            new()
            {
                ["body"] = $"User {person.Name} changed from {person.Phone} to {newDigits}",
                ["wa_id"] = newDigits,
                ["type"] = "user_changed_number",
            }
        );

    public static JsonObject Unsupported(string kind) =>
        Of("unsupported", new() { ["type"] = kind })
            .With(
                "errors",
                new JsonArray(
                    new JsonObject
                    {
                        ["code"] = 131051,
                        ["title"] = "Message type unknown",
                        ["message"] = "Message type unknown",
                        ["error_data"] = new JsonObject
                        {
                            ["details"] = "Message type is currently not supported.",
                        },
                    }
                )
            );

    public static JsonObject With(this JsonObject message, string field, JsonNode? value)
    {
        message[field] = value;
        return message;
    }

    public static JsonObject At(this JsonObject message, string id, DateTimeOffset at) =>
        message.With("id", id).With("timestamp", CloudNumber.Seconds(at));

    public static JsonObject Answering(this JsonObject message, string from, string waId) =>
        message.With("context", new JsonObject { ["from"] = from, ["id"] = waId });

    public static JsonObject Forwarded(this JsonObject message) =>
        message.With(
            "context",
            new JsonObject { ["forwarded"] = true, ["frequently_forwarded"] = true }
        );

    public static JsonObject FromAd(this JsonObject message, string headline) =>
        message.With(
            "referral",
            new JsonObject
            {
                ["source_url"] = "https://fb.me/3cr4Wqqkv",
                ["source_id"] = "120226305854810726",
                ["source_type"] = "ad",
                ["headline"] = headline,
                ["body"] = "Promoção",
                ["media_type"] = "image",
                ["image_url"] = "https://example.com/ad.jpg",
                ["ctwa_clid"] = "Aff-n8ZTODiE79d22KtAwQKj9e",
            }
        );

    /// <summary>With its writer's addresses.</summary>
    public static JsonObject From(Person person, JsonObject message, PersonForm form) =>
        Addressed("from", person, message, form);

    public static JsonObject To(Person person, JsonObject message, PersonForm form = default) =>
        Addressed("to", person, message, form);

    /// <summary>An element of value.contacts.</summary>
    public static JsonObject Contact(Person person, PersonForm form)
    {
        var profile = new JsonObject { ["name"] = person.Name };
        if (form == PersonForm.UserId)
            profile["username"] = person.Name.ToLowerInvariant().Replace(' ', '.');
        var contact = new JsonObject { ["profile"] = profile };
        if (form != PersonForm.UserId)
            contact["wa_id"] = person.Phone;
        if (form != PersonForm.Phone)
            contact["user_id"] = person.UserId();
        return contact;
    }

    private static JsonObject Addressed(
        string side,
        Person person,
        JsonObject message,
        PersonForm form
    )
    {
        var addressed = message.DeepClone().AsObject();
        if (form != PersonForm.UserId)
            addressed[side] = person.Phone;
        if (form != PersonForm.Phone)
            addressed[$"{side}_user_id"] = person.UserId();
        return addressed;
    }

    private static JsonObject Of(string type, JsonObject fields) =>
        new() { ["type"] = type, [type] = fields };
}
