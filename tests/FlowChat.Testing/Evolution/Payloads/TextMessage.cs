using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>The webhook of a message, a text unless another is given: from a contact, in a group, or (FromMe) typed on the number's own phone.</summary>
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

    /// <summary>In place of the text: see <see cref="MessageKinds"/>.</summary>
    public JsonObject? Message { get; init; }

    /// <summary>What stands around it.</summary>
    public JsonObject? ContextInfo { get; init; }

    /// <summary>In place of any content: WhatsApp's name or number of a line of its own, or of what couldn't be decrypted.</summary>
    public JsonNode? Stub { get; init; }

    /// <summary>Beside a vote: the voters of each option.</summary>
    public JsonArray? PollUpdates { get; init; }

    /// <summary>Its key, as others name it.</summary>
    public JsonObject Key => MessageKey.Of(this);

    public JsonObject ToEnvelope()
    {
        JsonNode data = Form.Data == DataForm.Array ? new JsonArray(ToData()) : ToData();
        return Number.Envelope(Event, data, SentAt, Form.Event);
    }

    public byte[] ToBytes() => EvolutionJson.Bytes(ToEnvelope());

    public JsonObject ToData()
    {
        var content = TextContent.Of(Text, Form.Text);
        var data = new JsonObject
        {
            ["key"] = MessageKey.Of(this),
            ["pushName"] = FromMe ? Number.Owner.Name : Contact.Name,
            ["status"] = FromMe ? "SERVER_ACK" : "DELIVERY_ACK",
            ["message"] = Message?.DeepClone() ?? content.Message,
            ["contextInfo"] = ContextInfo?.DeepClone() ?? content.ContextInfo,
            ["pollUpdates"] = PollUpdates?.DeepClone(),
            ["messageType"] = Message is null ? content.MessageType : Message.First().Key,
            ["messageTimestamp"] = EvolutionJson.Number(SentAt.ToUnixTimeSeconds(), Form.Timestamp),
            ["instanceId"] = Number.InstanceId.ToString(),
            ["source"] = FromMe ? "web" : "android",
        };
        if (Stub is not null)
        {
            data.Remove("message");
            data["messageStubType"] = Stub.DeepClone();
            data["messageStubParameters"] = new JsonArray("No session record");
        }
        return data;
    }
}
