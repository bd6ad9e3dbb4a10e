using System.Net.Http.Headers;
using System.Text.Json;

namespace FlowChat.Gateways.Evolution;

/// <summary>The body of sendText. Without linkPreview:false the gateway fetches links that it finds in the text.</summary>
internal sealed record EvolutionSendText(string Number, string Text, bool LinkPreview)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>With its length: a chunked body is more than some servers and proxies before a gateway take.</summary>
    public ByteArrayContent ToContent() =>
        new(JsonSerializer.SerializeToUtf8Bytes(this, Json))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
        };
}
