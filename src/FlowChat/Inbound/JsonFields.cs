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

    /// <summary>The elements of an array; none when it is missing or no array.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>Bytes as base64, as an object of numbered bytes, or as what Node makes of a buffer; null when they are neither.</summary>
    public static byte[]? Bytes(this JsonElement element, string name) =>
        element.Child(name) switch
        {
            { ValueKind: JsonValueKind.String } text
                when text.TryGetBytesFromBase64(out var bytes) => bytes,
            { ValueKind: JsonValueKind.Object } buffer
                when buffer.Child("data") is { ValueKind: JsonValueKind.Array } data => Numbers(
                data.EnumerateArray()
            ),
            { ValueKind: JsonValueKind.Object } numbered => Numbers(
                numbered.EnumerateObject().Select(entry => entry.Value)
            ),
            { ValueKind: JsonValueKind.Array } list => Numbers(list.EnumerateArray()),
            _ => null,
        };

    private static byte[]? Numbers(IEnumerable<JsonElement> numbers)
    {
        var bytes = new List<byte>();
        foreach (var number in numbers)
        {
            if (number.ValueKind != JsonValueKind.Number || !number.TryGetByte(out var value))
            {
                return null;
            }
            bytes.Add(value);
        }
        return [.. bytes];
    }

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
