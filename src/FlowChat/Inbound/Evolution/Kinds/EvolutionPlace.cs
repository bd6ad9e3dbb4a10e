using System.Text.Json;
using FlowChat.Messages.Content;

namespace FlowChat.Inbound.Evolution.Kinds;

internal static class EvolutionPlace
{
    /// <summary>Null = it has no coordinates.</summary>
    public static LocationContent? Read(JsonElement fields) =>
        Degrees(fields, "degreesLatitude") is { } latitude
        && Degrees(fields, "degreesLongitude") is { } longitude
            ? new(latitude, longitude, fields.Text("name"), fields.Text("address"))
            : null;

    private static double? Degrees(JsonElement fields, string name) =>
        fields.Child(name) is { ValueKind: JsonValueKind.Number } degrees
        && degrees.TryGetDouble(out var value)
        && double.IsFinite(value)
            ? value
            : null;
}
