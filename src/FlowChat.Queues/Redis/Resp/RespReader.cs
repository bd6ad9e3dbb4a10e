using System.Buffers;

namespace FlowChat.Queues.Redis.Resp;

/// <summary>
/// Finds where the next reply ends, going on where it stopped when more has come, and then reads it from one array.
/// </summary>
internal sealed class RespReader(RespLimits limits)
{
    // A number as a line: mark, sign, 19 digits, line end.
    private const int ShortLine = 32;

    private long scanned;
    private long missing = 1;
    private long items;

    /// <summary>The reply at the beginning of the buffer, which then begins behind it; false when it isn't all there.</summary>
    /// <exception cref="RespException">There is no reply, and never will be.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out RedisReply reply)
    {
        if (!Scan(buffer))
        {
            reply = default;
            return false;
        }

        var frame = buffer.Slice(0, scanned);
        buffer = buffer.Slice(scanned);
        scanned = 0;
        missing = 1;
        items = 0;
        reply = Parse(frame);
        return true;
    }

    private bool Scan(ReadOnlySequence<byte> buffer)
    {
        if (scanned > buffer.Length)
            return false;
        var reader = new SequenceReader<byte>(buffer.Slice(scanned));
        while (missing > 0)
        {
            if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
            {
                if (reader.Remaining > limits.Line)
                    throw new RespException($"A line is longer than {limits.Line} bytes.");
                return false;
            }

            var body = Account(line);
            scanned += line.Length + 2 + body;
            if (scanned > limits.Reply)
                throw new RespException($"A reply is longer than {limits.Reply} bytes.");
            if (body > reader.Remaining)
                return false;
            reader.Advance(body);
        }

        return true;
    }

    // Returns the bytes that belong to the line and follow it.
    private long Account(ReadOnlySequence<byte> line)
    {
        if (line.Length > limits.Line)
            throw new RespException($"A line is longer than {limits.Line} bytes.");
        missing--;
        var mark = line.IsEmpty ? (byte)0 : line.FirstSpan[0];
        switch (mark)
        {
            case (byte)'$' or (byte)'!' or (byte)'=':
                return Count(line) is >= 0 and var length ? Math.Min(length, limits.Reply) + 2 : 0;
            case (byte)'*' or (byte)'~' or (byte)'>':
                Expect(Math.Max(0, Count(line)), 1);
                return 0;
            case (byte)'%':
                Expect(Math.Max(0, Count(line)), 2);
                return 0;
            case (byte)'|':
                // An attribute precedes the reply that it speaks of.
                Expect(Math.Max(0, Count(line)), 2);
                missing++;
                return 0;
            case (byte)'+'
            or (byte)'-'
            or (byte)':'
            or (byte)'_'
            or (byte)'#'
            or (byte)','
            or (byte)'(':
                return 0;
            default:
                throw new RespException($"No reply begins with the byte {mark}.");
        }
    }

    private void Expect(long count, int parts)
    {
        // Before the sum: a count near the largest number would turn it negative.
        if (count > (limits.Items - items) / parts)
            throw new RespException($"A reply has more than {limits.Items} items.");
        items += count * parts;
        missing += count * parts;
    }

    private static long Count(ReadOnlySequence<byte> line)
    {
        Span<byte> digits = stackalloc byte[ShortLine];
        if (line.Length > ShortLine)
            throw new RespException("A length is no number.");
        line.CopyTo(digits);
        return RespParser.Number(digits[1..(int)line.Length], least: -1);
    }

    private RedisReply Parse(ReadOnlySequence<byte> frame)
    {
        Span<byte> line = stackalloc byte[ShortLine];
        if (frame.Length <= ShortLine)
        {
            frame.CopyTo(line);
            if (RespParser.TryParseShort(line[..(int)frame.Length], out var reply))
                return reply;
        }

        var bytes = GC.AllocateUninitializedArray<byte>((int)frame.Length);
        frame.CopyTo(bytes);
        return new RespParser(bytes, limits.Depth).Parse();
    }
}
