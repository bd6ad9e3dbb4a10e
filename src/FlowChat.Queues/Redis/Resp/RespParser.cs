using System.Buffers.Text;
using System.Globalization;

namespace FlowChat.Queues.Redis.Resp;

/// <summary>Reads one whole reply, whose texts then point into its bytes.</summary>
internal ref struct RespParser(byte[] frame, int depthLimit)
{
    private static readonly byte[] Ok = "OK"u8.ToArray();

    private int at;

    /// <summary>The replies that need no bytes of their own: numbers, null, OK.</summary>
    public static bool TryParseShort(ReadOnlySpan<byte> frame, out RedisReply reply)
    {
        var line = frame[1..^2];
        reply = default;
        switch (frame[0])
        {
            case (byte)':':
                reply = RedisReply.Of(RedisKind.Integer, Number(line, long.MinValue));
                return true;
            case (byte)'+' when line.SequenceEqual(Ok):
                reply = RedisReply.Of(RedisKind.SimpleString, Ok, 0, Ok.Length);
                return true;
            case (byte)'$' or (byte)'*' when line.SequenceEqual("-1"u8):
                return true;
            case (byte)'_' when line.IsEmpty:
                return true;
            default:
                return false;
        }
    }

    public static long Number(ReadOnlySpan<byte> text, long least)
    {
        if (
            !Utf8Parser.TryParse(text, out long number, out var read)
            || read != text.Length
            || number < least
        )
            throw new RespException("A number is none, or out of range.");
        return number;
    }

    public RedisReply Parse() => Parse(0);

    private RedisReply Parse(int depth)
    {
        if (depth > depthLimit)
            throw new RespException($"A reply is nested deeper than {depthLimit}.");
        var mark = frame[at++];
        var lineStart = at;
        var line = Line();
        switch (mark)
        {
            case (byte)'+':
                return RedisReply.Of(RedisKind.SimpleString, frame, lineStart, line.Length);
            case (byte)'-':
                return RedisReply.Of(RedisKind.Error, frame, lineStart, line.Length);
            case (byte)':':
                return RedisReply.Of(RedisKind.Integer, Number(line, long.MinValue));
            case (byte)'(':
                return RedisReply.Of(RedisKind.BigNumber, frame, lineStart, line.Length);
            case (byte)',':
                return RedisReply.Of(Floating(line));
            case (byte)'#':
                return RedisReply.Of(RedisKind.Boolean, Truth(line));
            case (byte)'_':
                return RedisReply.Null;
            case (byte)'$':
                return Bulk(RedisKind.BulkString, line);
            case (byte)'!':
                return Bulk(RedisKind.Error, line);
            case (byte)'=':
                return Bulk(RedisKind.Verbatim, line);
            case (byte)'*':
                return List(RedisKind.Array, line, 1, depth);
            case (byte)'~':
                return List(RedisKind.Set, line, 1, depth);
            case (byte)'>':
                return List(RedisKind.Push, line, 1, depth);
            case (byte)'%':
                return List(RedisKind.Map, line, 2, depth);
            default:
                List(RedisKind.Map, line, 2, depth);
                return Parse(depth + 1);
        }
    }

    private ReadOnlySpan<byte> Line()
    {
        var line = frame.AsSpan(at);
        line = line[..line.IndexOf("\r\n"u8)];
        at += line.Length + 2;
        return line;
    }

    private RedisReply Bulk(RedisKind kind, ReadOnlySpan<byte> line)
    {
        var length = (int)Number(line, -1);
        if (length < 0)
            return RedisReply.Null;
        var start = at;
        at += length;
        if (!frame.AsSpan(at, 2).SequenceEqual("\r\n"u8))
            throw new RespException("A text doesn't end where it says.");
        at += 2;
        if (kind != RedisKind.Verbatim)
            return RedisReply.Of(kind, frame, start, length);
        if (length < 4 || frame[start + 3] != (byte)':')
            throw new RespException("A verbatim text doesn't name its format.");
        return RedisReply.Of(kind, frame, start + 4, length - 4);
    }

    private RedisReply List(RedisKind kind, ReadOnlySpan<byte> line, int parts, int depth)
    {
        var count = (int)Number(line, -1);
        if (count < 0)
            return RedisReply.Null;
        var items = count == 0 ? [] : new RedisReply[count * parts];
        for (var n = 0; n < items.Length; n++)
            items[n] = Parse(depth + 1);
        return RedisReply.Of(kind, items);
    }

    private static long Truth(ReadOnlySpan<byte> line) =>
        line.SequenceEqual("t"u8) ? 1
        : line.SequenceEqual("f"u8) ? 0
        : throw new RespException("A boolean is neither true nor false.");

    private static double Floating(ReadOnlySpan<byte> line) =>
        line switch
        {
            _ when line.SequenceEqual("inf"u8) => double.PositiveInfinity,
            _ when line.SequenceEqual("-inf"u8) => double.NegativeInfinity,
            _ when line.SequenceEqual("nan"u8) || line.SequenceEqual("-nan"u8) => double.NaN,
            _ when double.TryParse(line, CultureInfo.InvariantCulture, out var number) => number,
            _ => throw new RespException("A floating-point number is none."),
        };
}
