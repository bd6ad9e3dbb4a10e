using System.Globalization;

namespace FlowChat.Bench.Load;

/// <summary>As much of HTTP/1.1 as Kestrel's answers use.</summary>
internal static class HttpAnswer
{
    private static readonly int StatusAt = "HTTP/1.1 ".Length;

    public static bool IsWhole(ReadOnlySpan<byte> bytes, out int status)
    {
        status = 0;
        var headEnd = bytes.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0)
            return false;
        status = int.Parse(bytes.Slice(StatusAt, 3), CultureInfo.InvariantCulture);
        var body = bytes[(headEnd + 4)..];
        if (Field(bytes[..(headEnd + 2)], "\r\nContent-Length: "u8) is var length and not [])
            return body.Length >= int.Parse(length, CultureInfo.InvariantCulture);
        // Chunked: the last chunk is the empty one.
        return body.SequenceEqual("0\r\n\r\n"u8) || body.EndsWith("\r\n0\r\n\r\n"u8);
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        var at = head.IndexOf(name);
        if (at < 0)
            return [];
        var value = head[(at + name.Length)..];
        return value[..value.IndexOf("\r\n"u8)];
    }
}
