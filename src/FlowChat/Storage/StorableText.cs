using System.Buffers;
using System.Text;

namespace FlowChat.Storage;

/// <summary>PostgreSQL stores neither NUL nor half a surrogate pair; phones send both.</summary>
internal static class StorableText
{
    private static readonly SearchValues<char> Suspects = SearchValues.Create([
        .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code),
        '\0',
    ]);

    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAny(Suspects))
        {
            return text;
        }
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value != 0)
            {
                clean.Append(rune.ToString());
            }
        }
        return clean.ToString();
    }

    /// <summary>Replaces the escapes \u0000 and \ud8xx…\udfxx without a partner by \ufffd, in place: they are of one length.</summary>
    public static void RepairJson(Span<byte> json)
    {
        for (var at = 0; at < json.Length; )
        {
            var found = json[at..].IndexOf((byte)'\\');
            if (found < 0)
            {
                return;
            }
            at += found;
            if (!TryReadEscape(json[at..], out var code))
            {
                // Any other escape is two bytes; "\\u0000" is a backslash and a word.
                at += 2;
                continue;
            }
            if (
                char.IsHighSurrogate(code)
                && TryReadEscape(json[(at + 6)..], out var next)
                && char.IsLowSurrogate(next)
            )
            {
                at += 12;
                continue;
            }
            if (code == 0 || char.IsSurrogate(code))
            {
                "\\ufffd"u8.CopyTo(json[at..]);
            }
            at += 6;
        }
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> json, out char code)
    {
        code = default;
        if (json.Length < 6 || json[0] != '\\' || json[1] != 'u')
        {
            return false;
        }
        var value = 0;
        foreach (var digit in json[2..6])
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }
            value = (value << 4) | (digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }
        code = (char)value;
        return true;
    }
}
