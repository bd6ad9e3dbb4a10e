using System.Buffers.Binary;

namespace FlowChat.Media.Forms;

/// <summary>Reads how large an image is, without decoding it: the page keeps its room before it is there.</summary>
internal static class ImageSize
{
    private const int LongestSide = 100_000;
    private const int MostBytes = 512 * 1024;

    /// <returns>Null = it isn't said where it should be.</returns>
    public static (int Width, int Height)? Read(Stream image)
    {
        var head = new byte[Math.Min(MostBytes, image.Length)];
        image.ReadExactly(head);
        var size = MediaForms.Find(head)?.MimeType switch
        {
            "image/jpeg" => JpegSize.Read(head),
            "image/png" => OfPng(head),
            "image/gif" => OfGif(head),
            "image/webp" => OfWebp(head),
            _ => null,
        };
        return size is { Width: > 0 and <= LongestSide, Height: > 0 and <= LongestSide }
            ? size
            : null;
    }

    private static (int Width, int Height)? OfPng(ReadOnlySpan<byte> png) =>
        png.Length >= 24
            ? (
                BinaryPrimitives.ReadInt32BigEndian(png[16..]),
                BinaryPrimitives.ReadInt32BigEndian(png[20..])
            )
            : null;

    private static (int Width, int Height)? OfGif(ReadOnlySpan<byte> gif) =>
        gif.Length >= 10
            ? (
                BinaryPrimitives.ReadUInt16LittleEndian(gif[6..]),
                BinaryPrimitives.ReadUInt16LittleEndian(gif[8..])
            )
            : null;

    private static (int Width, int Height)? OfWebp(ReadOnlySpan<byte> webp)
    {
        if (webp.Length < 30)
        {
            return null;
        }
        var body = webp[20..];
        if (webp[12..].StartsWith("VP8X"u8))
        {
            return (1 + Int24(body[4..]), 1 + Int24(body[7..]));
        }
        if (webp[12..].StartsWith("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(body[1..]);
            return ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
        }
        return webp[12..].StartsWith("VP8 "u8)
            ? (
                BinaryPrimitives.ReadUInt16LittleEndian(body[6..]) & 0x3FFF,
                BinaryPrimitives.ReadUInt16LittleEndian(body[8..]) & 0x3FFF
            )
            : null;
    }

    private static int Int24(ReadOnlySpan<byte> bytes) =>
        bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
