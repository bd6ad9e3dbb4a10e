using System.Buffers.Binary;
using System.Text;

namespace FlowChat.Tests.Media;

/// <summary>Files that begin as real ones do, and go on with bytes of no meaning, the same for the same seed.</summary>
internal static class TestFile
{
    public static byte[] Jpeg(int size = 5_000, int width = 640, int height = 480, int seed = 1) =>
        Filled(
            [
                .. (byte[])
                    [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0],
                .. (byte[])[0xFF, 0xC0, 0, 17, 8, .. Big(height), .. Big(width), 3],
            ],
            size,
            seed
        );

    /// <summary>A phone held upright: the pixels lie, and EXIF says so.</summary>
    public static byte[] TurnedJpeg(int width, int height)
    {
        byte[] tiff =
        [
            .. "II*\0"u8,
            8,
            0,
            0,
            0,
            1,
            0,
            0x12,
            0x01,
            3,
            0,
            1,
            0,
            0,
            0,
            6,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
        ];
        byte[] exif = [.. "Exif\0\0"u8, .. tiff];
        return Filled(
            [
                .. (byte[])[0xFF, 0xD8, 0xFF, 0xE1, .. Big(exif.Length + 2), .. exif],
                .. (byte[])[0xFF, 0xC2, 0, 17, 8, .. Big(height), .. Big(width), 3],
            ],
            2_000,
            1
        );
    }

    public static byte[] Png(int size = 3_000, int width = 320, int height = 200) =>
        Filled(
            [
                0x89,
                .. "PNG\r\n"u8,
                0x1A,
                0x0A,
                0,
                0,
                0,
                13,
                .. "IHDR"u8,
                .. Long(width),
                .. Long(height),
            ],
            size,
            2
        );

    public static byte[] Gif(int width, int height) =>
        Filled([.. "GIF89a"u8, .. Little(width), .. Little(height)], 500, 3);

    public static byte[] Webp(int width = 512, int height = 512) =>
        Filled(
            [
                .. "RIFF"u8,
                0,
                0,
                1,
                0,
                .. "WEBPVP8X"u8,
                10,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                .. Little(width - 1),
                0,
                .. Little(height - 1),
                0,
            ],
            4_000,
            4
        );

    public static byte[] Mp4(int size = 20_000) =>
        Filled([0, 0, 0, 24, .. "ftypisom"u8, 0, 0, 2, 0], size, 5);

    public static byte[] Ogg(int size = 9_000) => Filled([.. "OggS"u8, 0, 2], size, 6);

    public static byte[] Pdf(int size = 7_000) => Filled([.. "%PDF-1.7\n"u8], size, 7);

    public static byte[] Html() =>
        Encoding.UTF8.GetBytes("<!doctype html><script>alert(document.cookie)</script>");

    public static byte[] Svg() =>
        Encoding.UTF8.GetBytes(
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"
        );

    private static byte[] Filled(byte[] head, int size, int seed)
    {
        var bytes = new byte[Math.Max(size, head.Length)];
        new Random(seed).NextBytes(bytes);
        head.CopyTo(bytes, 0);
        return bytes;
    }

    private static byte[] Big(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Little(int value) => [(byte)value, (byte)(value >> 8)];

    private static byte[] Long(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
