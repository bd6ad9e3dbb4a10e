using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>JSON as Node writes it: UTF-8 unescaped, longs and bytes in the forms that Baileys leaves behind.</summary>
public static class EvolutionJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Text(JsonNode node) => node.ToJsonString(Options);

    public static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(Text(node));

    public static JsonNode Number(long value, LongForm form) =>
        form switch
        {
            LongForm.Number => value,
            LongForm.Text => value.ToString(CultureInfo.InvariantCulture),
            _ => new JsonObject
            {
                ["low"] = (int)value,
                ["high"] = (int)(value >> 32),
                ["unsigned"] = true,
            },
        };

    public static JsonNode Base64(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes);

    public static JsonNode InForm(ReadOnlySpan<byte> bytes, BytesForm form) =>
        form switch
        {
            BytesForm.Base64 => Base64(bytes),
            BytesForm.Indexed => IndexedBytes(bytes),
            _ => new JsonObject
            {
                ["type"] = "Buffer",
                ["data"] = new JsonArray([.. bytes.ToArray().Select(b => (JsonNode)b)]),
            },
        };

    /// <summary>{"0":78,"1":…}: a Uint8Array that went through JSON.stringify.</summary>
    public static JsonObject IndexedBytes(ReadOnlySpan<byte> bytes)
    {
        var indexed = new JsonObject();
        for (var i = 0; i < bytes.Length; i++)
            indexed[i.ToString(CultureInfo.InvariantCulture)] = bytes[i];
        return indexed;
    }
}
