using FlowChat.Messages;

namespace FlowChat.Gateways;

/// <summary>Which files a gateway takes as one kind of message.</summary>
public sealed record FileLimit(IReadOnlyList<string> MimeTypes, long MaxBytes)
{
    /// <summary>Of a sticker that moves; null = as of one that doesn't.</summary>
    public long? MaxBytesAnimated { get; init; }
}

/// <summary>Meta's table of supported media, by <see cref="MessageType"/>; its units are taken as the smaller ones.</summary>
internal static class CloudFiles
{
    private const long Kilobyte = 1_000,
        Megabyte = 1_000_000;

    private const string Office = "application/vnd.openxmlformats-officedocument";

    public static IReadOnlyDictionary<string, FileLimit> Limits { get; } =
        new Dictionary<string, FileLimit>(StringComparer.Ordinal)
        {
            [MessageType.Image] = new(["image/jpeg", "image/png"], 5 * Megabyte),
            [MessageType.Video] = new(["video/mp4", "video/3gpp"], 16 * Megabyte),
            [MessageType.Audio] = new(
                ["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"],
                16 * Megabyte
            ),
            [MessageType.Document] = new(
                [
                    "application/pdf",
                    "text/plain",
                    "application/msword",
                    $"{Office}.wordprocessingml.document",
                    "application/vnd.ms-excel",
                    $"{Office}.spreadsheetml.sheet",
                    "application/vnd.ms-powerpoint",
                    $"{Office}.presentationml.presentation",
                ],
                100 * Megabyte
            ),
            [MessageType.Sticker] = new(["image/webp"], 100 * Kilobyte)
            {
                MaxBytesAnimated = 500 * Kilobyte,
            },
        };
}
