using System.Globalization;
using System.Text.Json;
using FlowChat.Messages.Content;

namespace FlowChat.Inbound.Evolution.Kinds;

/// <summary>Reads what is no message and changes none that can be shown: a quiet line of the thread says that it happened.</summary>
internal static class EvolutionLine
{
    private const int MostFiles = 1_000;

    /// <summary>Null = it is something else.</summary>
    /// <param name="body">The message.</param>
    /// <param name="item">The element that it came in.</param>
    public static InboundLine? Read(MessageBody body, JsonElement item) =>
        body.Kind switch
        {
            "pinInChatMessage" => new(
                IsUndone(body.Fields, "type", "UNPIN_FOR_ALL")
                    ? SystemEvent.Unpinned
                    : SystemEvent.Pinned
            ),
            "keepInChatMessage" => new(
                IsUndone(body.Fields, "keepType", "UNDO_KEEP_FOR_ALL")
                    ? SystemEvent.Unkept
                    : SystemEvent.Kept
            ),
            // Its pictures come each in a message of its own.
            "albumMessage" => new(SystemEvent.Album) { Text = FilesOf(body.Fields) },
            // The gateway hasn't decrypted it.
            "pollUpdateMessage"
                when body.Fields.Child("pollCreationMessageKey")?.Text("id") is { } poll
                    && item.Child("pollUpdates") is not { ValueKind: JsonValueKind.Array } => new(
                SystemEvent.Voted
            )
            {
                Poll = poll,
                At = EvolutionChanges.Time(body.Fields, "senderTimestampMs"),
            },
            _ => null,
        };

    private static string? FilesOf(JsonElement album)
    {
        var files =
            Math.Clamp(album.Long("expectedImageCount") ?? 0, 0, MostFiles)
            + Math.Clamp(album.Long("expectedVideoCount") ?? 0, 0, MostFiles);
        return files > 0 ? files.ToString(CultureInfo.InvariantCulture) : null;
    }

    // An enum by its name, or by its number: 1 is done, 2 undone.
    private static bool IsUndone(JsonElement fields, string name, string undone) =>
        fields.Text(name) == undone || fields.Long(name) == 2;
}
