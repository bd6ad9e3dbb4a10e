using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>The webhook of a text: from a contact, in a group, or (FromMe) typed on the number's own phone.</summary>
public sealed record TextMessage(EvolutionNumber Number, Person Contact, string Text)
{
    public Group? Group { get; init; }

    public bool FromMe { get; init; }

    public string Id { get; init; } = WhatsAppId.New();

    public DateTimeOffset SentAt { get; init; } = new(2026, 11, 20, 10, 31, 0, TimeSpan.Zero);

    public MessageForm Form { get; init; } = new();

    /// <summary>messages.upsert, or send.message for the echo of what the API sent.</summary>
    public string Event { get; init; } = "messages.upsert";

    /// <summary>In place of the chat's own address: status@broadcast, a newsletter.</summary>
    public string? RemoteJid { get; init; }

    public JsonObject ToEnvelope()
    {
        JsonNode data = Form.Data == DataForm.Array ? new JsonArray(ToData()) : ToData();
        return Number.Envelope(Event, data, SentAt, Form.Event);
    }

    public byte[] ToBytes() => EvolutionJson.Bytes(ToEnvelope());

    public JsonObject ToData()
    {
        var content = TextContent.Of(Text, Form.Text);
        return new JsonObject
        {
            ["key"] = MessageKey.Of(this),
            ["pushName"] = FromMe ? Number.Owner.Name : Contact.Name,
            ["status"] = FromMe ? "SERVER_ACK" : "DELIVERY_ACK",
            ["message"] = content.Message,
            ["contextInfo"] = content.ContextInfo,
            ["messageType"] = content.MessageType,
            ["messageTimestamp"] = EvolutionJson.Number(SentAt.ToUnixTimeSeconds(), Form.Timestamp),
            ["instanceId"] = Number.InstanceId.ToString(),
            ["source"] = FromMe ? "web" : "android",
        };
    }
}
