using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowChat.Json;

/// <summary>The one JSON form of answers, events and job payloads: snake_case, nulls written.</summary>
internal static class FlowChatJson
{
    public static JsonSerializerOptions Options { get; } =
        Configure(new(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.NumberHandling = JsonNumberHandling.Strict;
        // Portuguese text stays readable in the log and on the wire; answers are JSON, never HTML.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}
