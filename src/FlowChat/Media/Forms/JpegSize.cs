using System.Buffers.Binary;

namespace FlowChat.Media.Forms;

/// <summary>The size of a JPEG as it is shown: a phone that is held upright says so in its EXIF, not in its pixels.</summary>
internal static class JpegSize
{
    private const byte Exif = 0xE1,
        StartOfScan = 0xDA;

    private const ushort Orientation = 0x0112;

    public static (int Width, int Height)? Read(ReadOnlySpan<byte> jpeg)
    {
        var isTurned = false;
        for (var at = 2; at + 9 < jpeg.Length && jpeg[at] == 0xFF; )
        {
            var marker = jpeg[at + 1];
            var length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            if (IsFrame(marker))
            {
                int height = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 5)..]);
                int width = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 7)..]);
                return isTurned ? (height, width) : (width, height);
            }
            if (marker == StartOfScan || length < 2)
            {
                return null;
            }
            if (marker == Exif && at + 2 + length <= jpeg.Length)
            {
                isTurned |= IsTurned(jpeg.Slice(at + 4, length - 2));
            }
            at += 2 + length;
        }
        return null;
    }

    // All starts of frames but the tables that have their numbers between them.
    private static bool IsFrame(byte marker) =>
        marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static bool IsTurned(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 18 || !segment.StartsWith("Exif\0\0"u8))
        {
            return false;
        }
        var tiff = segment[6..];
        var isLittle = tiff[0] == 'I';
        var entries = (long)Long(tiff[4..], isLittle);
        if (entries + 2 > tiff.Length)
        {
            return false;
        }
        var rest = tiff[(int)entries..];
        var count = Short(rest, isLittle);
        for (var i = 0; i < count && 2 + 12 * (i + 1) <= rest.Length; i++)
        {
            var entry = rest.Slice(2 + 12 * i, 12);
            if (Short(entry, isLittle) == Orientation)
            {
                return Short(entry[8..], isLittle) is >= 5 and <= 8;
            }
        }
        return false;
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes)
            : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Long(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle
            ? BinaryPrimitives.ReadUInt32LittleEndian(bytes)
            : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
