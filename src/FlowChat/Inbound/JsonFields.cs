using System.Globalization;
using System.Text.Json;
using FlowChat.Storage;

namespace FlowChat.Inbound;

/// <summary>Reads what gateways write: numbers as strings, longs in two halves, fields that are there or not.</summary>
internal static class JsonFields
{
    public static JsonElement? Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var child)
        && child.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? child
            : null;

    /// <summary>The text, cleaned for storage; null when it is missing, empty or no string.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.String } child
        && child.GetString() is { Length: > 0 } text
            ? StorableText.Clean(text)
            : null;

    public static bool Flag(this JsonElement element, string name) =>
        element.Child(name) is { } child
        && (
            child.ValueKind == JsonValueKind.True
            || (child.ValueKind == JsonValueKind.String && child.ValueEquals("true"))
        );

    public static long? Long(this JsonElement element, string name) =>
        element.Child(name) switch
        {
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) =>
                value,
            { ValueKind: JsonValueKind.Number } number => (long)number.GetDouble(),
            { ValueKind: JsonValueKind.String } text
                when long.TryParse(
                    text.GetString(),
                    NumberStyles.Integer,
                    CultureInfo.InvariantCulture,
                    out var value
                ) => value,
            { ValueKind: JsonValueKind.Object } halves
                when halves.Long("low") is { } low && halves.Long("high") is { } high => (
                high << 32
            ) | (low & 0xFFFF_FFFF),
            _ => null,
        };
}
