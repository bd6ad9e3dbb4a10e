using System.Text.Json;
using FlowChat.Json;

namespace FlowChat.Media;

/// <summary>Where the bytes of a message's medium come from, as its webhook said.</summary>
/// <param name="WaId">The message: its gateway hands them out by it.</param>
/// <param name="MediaUrl">Where the gateway has put them, for a while.</param>
/// <param name="MediaId">The file's own name at the gateway, where that hands it out by one.</param>
internal sealed record MediaSource(string WaId, string? MediaUrl, string? MediaId = null)
{
    /// <summary>Of the bytes as their sender had them, in lower-case hex; null = the webhook doesn't say.</summary>
    public string? Sha256 { get; init; }

    public static MediaSource Parse(string json) =>
        JsonSerializer.Deserialize<MediaSource>(json, FlowChatJson.Options)!;
}
