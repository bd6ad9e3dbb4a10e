using System.Globalization;
using System.Text.Json;
using FlowChat.Messages;

namespace FlowChat.Inbound.Evolution;

/// <summary>A webhook's frame. Its other fields (apikey, server_url, sender) are neither needed nor logged.</summary>
/// <param name="Event">Its name, in one spelling.</param>
/// <param name="Instance">Whose it is, in the gateway's words.</param>
/// <param name="At">The gateway's clock when it happened, the same for each delivery; its zone isn't known.</param>
/// <param name="Data">One thing, or an array of them.</param>
internal readonly record struct EvolutionEnvelope(
    string Event,
    string? Instance,
    string? At,
    JsonElement Data
)
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan WidestZone = TimeSpan.FromHours(14);

    /// <summary><see cref="At"/>, as if it were UTC: good for telling which of a gateway's events came first.</summary>
    public DateTimeOffset? ToldAt =>
        DateTimeOffset.TryParse(
            At,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var local
        )
            ? local
            : null;

    /// <summary>
    /// When it happened, of an event without a time of its own. The gateway's clock shows the local time of its place: zones
    /// differ by quarters of an hour, and nearly all deliveries come within less.
    /// </summary>
    public DateTimeOffset HappenedAt(DateTimeOffset now)
    {
        if (ToldAt is not { } local || (now - local).Duration() > WidestZone)
        {
            return WhatsAppTime.Of(now);
        }
        var happened = local + Math.Round((now - local) / Quarter) * Quarter;
        return WhatsAppTime.Of(happened < now ? happened : now);
    }

    /// <exception cref="InboundFormatException">The body is no envelope; the message says why.</exception>
    public static EvolutionEnvelope Read(JsonElement root, string? eventInPath)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new InboundFormatException(
                $"The body is a JSON {root.ValueKind}, not an object."
            );
        }
        var name =
            root.Text("event")
            ?? eventInPath
            ?? throw new InboundFormatException("The body names no event.");
        if (!root.TryGetProperty("data", out var data))
        {
            throw new InboundFormatException("The body has no data.");
        }
        return new(Normalize(name), root.Text("instance"), root.Text("date_time"), data);
    }

    /// <summary>messages.upsert, MESSAGES_UPSERT and messages-upsert are one event.</summary>
    public static string Normalize(string name) =>
        name.ToLowerInvariant().Replace('_', '.').Replace('-', '.');

    /// <summary>The data's elements: gateways send one object, or an array of them.</summary>
    public IEnumerable<JsonElement> Items =>
        Data.ValueKind == JsonValueKind.Array ? Data.EnumerateArray() : [Data];
}
