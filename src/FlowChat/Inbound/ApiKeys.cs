using System.Text;

namespace FlowChat.Inbound;

/// <summary>
/// Takes a gateway's key out of what it sent. It stands in the envelope where its operator lets it, and is looked for in the
/// bytes: what is kept aside is often no JSON.
/// </summary>
internal static class ApiKeys
{
    private static readonly byte[] Name = "\"apikey\""u8.ToArray();
    private static readonly byte[] Removed = "\"removed\""u8.ToArray();

    /// <returns>The same bytes where no key is in them.</returns>
    public static ReadOnlyMemory<byte> Remove(ReadOnlyMemory<byte> body)
    {
        MemoryStream? without = null;
        var copied = 0;
        for (var at = 0; FindValue(body.Span, at) is var (start, end); at = end)
        {
            without ??= new(body.Length);
            without.Write(body.Span[copied..start]);
            without.Write(Removed);
            copied = end;
        }
        without?.Write(body.Span[copied..]);
        return without?.ToArray() ?? body;
    }

    /// <summary>The next key's place with its quotes, to the end where a body breaks off in it. Null and empty ones stay.</summary>
    private static (int Start, int End)? FindValue(ReadOnlySpan<byte> body, int at)
    {
        while (at < body.Length)
        {
            var found = IndexOfName(body[at..]);
            if (found < 0)
            {
                return null;
            }
            at = SkipBlanks(body, at + found + Name.Length);
            if (at >= body.Length || body[at] != ':')
            {
                continue;
            }
            at = SkipBlanks(body, at + 1);
            if (at < body.Length && EndOfValue(body, at) is var end && HoldsKey(body[at..end]))
            {
                return (at, end);
            }
        }
        return null;
    }

    // Names differ in their case between releases and proxies.
    private static int IndexOfName(ReadOnlySpan<byte> body)
    {
        for (var at = 0; at + Name.Length <= body.Length; at++)
        {
            var next = body[at..].IndexOf((byte)'"');
            if (next < 0 || (at += next) + Name.Length > body.Length)
            {
                return -1;
            }
            if (Ascii.EqualsIgnoreCase(body.Slice(at, Name.Length), Name))
            {
                return at;
            }
        }
        return -1;
    }

    private static int SkipBlanks(ReadOnlySpan<byte> body, int at)
    {
        while (at < body.Length && body[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }
        return at;
    }

    private static int EndOfValue(ReadOnlySpan<byte> body, int at)
    {
        if (body[at] != '"')
        {
            var end = body[at..].IndexOfAny(",}]"u8);
            return end < 0 ? body.Length : at + end;
        }
        for (at++; at < body.Length && body[at] != '"'; at++)
        {
            at += body[at] == '\\' ? 1 : 0;
        }
        return Math.Min(at + 1, body.Length);
    }

    private static bool HoldsKey(ReadOnlySpan<byte> value) =>
        !value.SequenceEqual("null"u8) && !value.SequenceEqual("\"\""u8) && value.Length > 0;
}
