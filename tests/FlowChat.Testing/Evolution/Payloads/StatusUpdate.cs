using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>The words of messages.update.</summary>
public static class WhatsAppStatus
{
    public const string Pending = "PENDING";
    public const string ServerAck = "SERVER_ACK";
    public const string DeliveryAck = "DELIVERY_ACK";
    public const string Read = "READ";
    public const string Played = "PLAYED";
    public const string Error = "ERROR";

    /// <summary>What 2.3.6 makes of a status that it doesn't know.</summary>
    public const string Deleted = "DELETED";

    /// <summary>The same three ticks and the failure, as the Meta channel says them.</summary>
    public const string Sent = "SENT";
    public const string Delivered = "DELIVERED";
    public const string Failed = "FAILED";
}

/// <summary>The webhook messages.update: flat, and true to nothing but its keyId.</summary>
public sealed record StatusUpdate(EvolutionNumber Number, string KeyId, string Status)
{
    public string RemoteJid { get; init; } = Person.Ana.PhoneJid;

    public bool FromMe { get; init; } = true;

    public string? Participant { get; init; }

    public DateTimeOffset At { get; init; } = new(2026, 11, 20, 10, 31, 2, TimeSpan.Zero);

    public DataForm Data { get; init; } = DataForm.Item;

    public EventSpelling Event { get; init; } = EventSpelling.Dotted;

    public JsonObject ToEnvelope()
    {
        JsonNode data = Data == DataForm.Array ? new JsonArray(ToData()) : ToData();
        return Number.Envelope("messages.update", data, At, Event);
    }

    public byte[] ToBytes() => EvolutionJson.Bytes(ToEnvelope());

    private JsonObject ToData()
    {
        var data = new JsonObject
        {
            ["keyId"] = KeyId,
            ["remoteJid"] = RemoteJid,
            ["fromMe"] = FromMe,
            ["status"] = Status,
            ["instanceId"] = Number.InstanceId.ToString(),
            ["messageId"] = "cm3q0v6kz0003qk01x8a5t2bd",
        };
        if (Participant is not null)
            data["participant"] = Participant;
        return data;
    }
}
