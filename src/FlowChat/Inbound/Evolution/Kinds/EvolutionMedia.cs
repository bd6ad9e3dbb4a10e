using System.Security.Cryptography;
using System.Text.Json;
using FlowChat.Json;
using FlowChat.Media;
using FlowChat.Messages;

namespace FlowChat.Inbound.Evolution.Kinds;

/// <summary>Reads images, videos, sounds, documents and stickers.</summary>
internal static class EvolutionMedia
{
    private const int Heights = 64,
        Highest = 100,
        LongestSide = 100_000;

    /// <summary>Null = it is no medium.</summary>
    /// <param name="body">The message.</param>
    /// <param name="waId">By which the gateway hands its bytes out.</param>
    public static InboundMedia? Read(MessageBody body, string waId)
    {
        var fields = body.Fields;
        if (KindOf(body) is not { } kind)
        {
            return null;
        }
        return new()
        {
            Kind = kind,
            MimeType = fields.Text("mimetype") ?? UsualType(kind),
            FileName = fields.Text("fileName") ?? fields.Text("title"),
            SizeBytes = fields.Long("fileLength") is >= 0 and var size ? size : null,
            Width = Side(fields, "width"),
            Height = Side(fields, "height"),
            DurationSeconds = fields.Long("seconds") is >= 0 and var seconds ? seconds : null,
            Waveform = fields.Bytes("waveform") is { Length: > 0 } waveform
                ? Scale(waveform)
                : null,
            Source = JsonSerializer.Serialize(
                new MediaSource(waId, body.MediaUrl)
                {
                    Sha256 = fields.Bytes("fileSha256") is { Length: SHA256.HashSizeInBytes } hash
                        ? Convert.ToHexStringLower(hash)
                        : null,
                },
                FlowChatJson.Options
            ),
        };
    }

    /// <summary>The text in base64 that comes along where the gateway's webhook is set so.</summary>
    /// <param name="item">An element of messages.upsert.</param>
    public static JsonElement? FindBytes(JsonElement item) =>
        item.Child("message")?.Child("base64") is { ValueKind: JsonValueKind.String } text
            ? text
            : null;

    private static string? KindOf(MessageBody body) =>
        body.Kind switch
        {
            "imageMessage" => MessageType.Image,
            "videoMessage" or "ptvMessage" => MessageType.Video,
            "audioMessage" => body.Fields.Flag("ptt") ? MessageType.Voice : MessageType.Audio,
            "documentMessage" => MessageType.Document,
            "stickerMessage" => MessageType.Sticker,
            _ => null,
        };

    private static string UsualType(string kind) =>
        kind switch
        {
            MessageType.Image => "image/jpeg",
            MessageType.Video => "video/mp4",
            MessageType.Audio => "audio/mpeg",
            MessageType.Voice => "audio/ogg; codecs=opus",
            MessageType.Sticker => "image/webp",
            _ => "application/octet-stream",
        };

    private static int? Side(JsonElement fields, string name) =>
        fields.Long(name) is > 0 and <= LongestSide and var side ? (int)side : null;

    private static int[] Scale(byte[] waveform)
    {
        var heights = new int[Heights];
        for (var i = 0; i < Heights; i++)
        {
            heights[i] = Math.Min((int)waveform[i * waveform.Length / Heights], Highest);
        }
        return heights;
    }
}
