using System.Globalization;
using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>A WhatsApp number as Evolution knows it, and the envelope around everything that it reports.</summary>
public sealed record EvolutionNumber(string InstanceName)
{
    public Person Owner { get; init; } = new("5511940028922", "77309411328", "Loja Aurora");

    public Guid InstanceId { get; init; } = Guid.Parse("0b7a0c5e-5d0e-4b0e-9a53-6f9f3a0f7c11");

    public string ServerUrl { get; init; } = "http://127.0.0.1:8081";

    public Uri? Destination { get; init; }

    /// <summary>In its envelopes where its operator lets them have it: never to be kept or logged.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Before it is paired its envelopes name no sender.</summary>
    public bool IsPaired { get; init; } = true;

    public JsonObject Envelope(
        string eventName,
        JsonNode data,
        DateTimeOffset at,
        EventSpelling spelling = EventSpelling.Dotted
    )
    {
        var envelope = new JsonObject
        {
            ["event"] = Spell(eventName, spelling),
            ["instance"] = InstanceName,
            ["data"] = data,
            ["destination"] = Destination?.ToString(),
            // The server's local time with a Z that isn't true.
            ["date_time"] = at.ToOffset(TimeSpan.FromHours(-3))
                .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["sender"] = Owner.PhoneJid,
            ["server_url"] = ServerUrl,
            ["apikey"] = ApiKey,
        };
        if (!IsPaired)
            envelope.Remove("sender");
        return envelope;
    }

    public static string Spell(string eventName, EventSpelling spelling) =>
        spelling switch
        {
            EventSpelling.Capitals => eventName
                .Replace('.', '_')
                .Replace('-', '_')
                .ToUpperInvariant(),
            EventSpelling.Dashes => eventName.Replace('.', '-'),
            _ => eventName,
        };
}
