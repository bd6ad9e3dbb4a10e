using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>The three fields of an upsert that say what was written.</summary>
internal sealed record TextContent(
    JsonObject Message,
    string MessageType,
    JsonObject? ContextInfo = null
)
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))];

    public static TextContent Of(string text, TextForm form) =>
        form switch
        {
            TextForm.Conversation => new(Plain(text), "conversation"),
            TextForm.ExtendedText => new(Extended(text), "extendedTextMessage"),
            TextForm.FlattenedExtendedText => new(
                Plain(text),
                "conversation",
                new JsonObject { ["expiration"] = 0 }
            ),
            TextForm.Ephemeral => Wrapped("ephemeralMessage", Extended(text)),
            TextForm.ViewOnce => Wrapped("viewOnceMessage", Extended(text)),
            TextForm.ViewOnceV2 => Wrapped("viewOnceMessageV2", Plain(text)),
            TextForm.ContextInfoFirst => new(
                new JsonObject
                {
                    ["messageContextInfo"] = new JsonObject
                    {
                        ["deviceListMetadata"] = new JsonObject
                        {
                            ["senderKeyHash"] = EvolutionJson.IndexedBytes(Secret.AsSpan(0, 10)),
                            ["senderTimestamp"] = EvolutionJson.Number(
                                1_763_000_000,
                                LongForm.LowHigh
                            ),
                        },
                        ["deviceListMetadataVersion"] = 2,
                        ["messageSecret"] = EvolutionJson.IndexedBytes(Secret),
                    },
                    ["conversation"] = text,
                },
                "conversation"
            ),
            _ => new(
                new JsonObject
                {
                    ["senderKeyDistributionMessage"] = new JsonObject
                    {
                        ["groupId"] = "120363025246125486@g.us",
                        ["axolotlSenderKeyDistributionMessage"] = EvolutionJson.Base64(Secret),
                    },
                    ["conversation"] = text,
                },
                "conversation"
            ),
        };

    private static JsonObject Plain(string text) => new() { ["conversation"] = text };

    private static JsonObject Extended(string text) =>
        new()
        {
            ["extendedTextMessage"] = new JsonObject
            {
                ["text"] = text,
                ["previewType"] = "NONE",
                ["contextInfo"] = new JsonObject { ["expiration"] = 0 },
            },
        };

    private static TextContent Wrapped(string wrapper, JsonObject inner) =>
        new(new JsonObject { [wrapper] = new JsonObject { ["message"] = inner } }, wrapper);
}
