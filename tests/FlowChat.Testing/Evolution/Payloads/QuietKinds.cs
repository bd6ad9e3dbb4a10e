using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>The message objects of what people do in a chat without saying anything.</summary>
public static class QuietKinds
{
    public static JsonObject Pin(
        JsonObject key,
        DateTimeOffset at,
        bool isUndone = false,
        bool byNumber = true
    ) =>
        Of(
            "pinInChatMessage",
            "type",
            key,
            byNumber ? (isUndone ? 2 : 1) : (isUndone ? "UNPIN_FOR_ALL" : "PIN_FOR_ALL"),
            "senderTimestampMs",
            at
        );

    public static JsonObject Keep(
        JsonObject key,
        DateTimeOffset at,
        bool isUndone = false,
        bool byNumber = true
    ) =>
        Of(
            "keepInChatMessage",
            "keepType",
            key,
            byNumber ? (isUndone ? 2 : 1) : (isUndone ? "UNDO_KEEP_FOR_ALL" : "KEEP_FOR_ALL"),
            "timestampMs",
            at
        );

    /// <summary>It comes before its files.</summary>
    public static JsonObject Album(int images, int videos) =>
        new()
        {
            ["albumMessage"] = new JsonObject
            {
                ["expectedImageCount"] = images,
                ["expectedVideoCount"] = videos,
            },
        };

    /// <summary>One of an album's files.</summary>
    public static JsonObject InAlbum(this JsonObject message, JsonObject albumKey) =>
        new()
        {
            ["messageContextInfo"] = new JsonObject
            {
                ["messageAssociation"] = new JsonObject
                {
                    ["associationType"] = "MEDIA_ALBUM",
                    ["parentMessageKey"] = albumKey.DeepClone(),
                },
            },
            ["associatedChildMessage"] = new JsonObject { ["message"] = message },
        };

    private static JsonObject Of(
        string kind,
        string typeName,
        JsonObject key,
        JsonNode type,
        string timeName,
        DateTimeOffset at
    ) =>
        new()
        {
            [kind] = new JsonObject
            {
                ["key"] = key.DeepClone(),
                [typeName] = type,
                [timeName] = EvolutionJson.Number(at.ToUnixTimeMilliseconds(), LongForm.Text),
            },
        };
}
