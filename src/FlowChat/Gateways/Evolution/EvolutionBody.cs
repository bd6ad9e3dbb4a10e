using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowChat.Gateways.Evolution;

internal static class EvolutionBody
{
    // The gateway's schemas let a field be absent, and refuse one that is null.
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>With its length: a chunked body is more than some servers and proxies before a gateway take.</summary>
    public static ByteArrayContent ToContent<T>(T body) =>
        new(JsonSerializer.SerializeToUtf8Bytes(body, Json))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
        };
}
