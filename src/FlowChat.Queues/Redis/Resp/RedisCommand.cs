using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace FlowChat.Queues.Redis.Resp;

/// <summary>One command, encoded once into the bytes that go over the wire; it may be sent any number of times.</summary>
internal sealed class RedisCommand
{
    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    public RedisCommand(string name, params ReadOnlySpan<RedisValue> arguments)
    {
        RedisValue first = name;
        var length = HeaderLength(arguments.Length + 1) + PartLength(first);
        foreach (var argument in arguments)
            length += PartLength(argument);

        var frame = GC.AllocateUninitializedArray<byte>(length);
        var rest = WriteHeader(frame, (byte)'*', arguments.Length + 1);
        rest = WritePart(rest, first);
        foreach (var argument in arguments)
            rest = WritePart(rest, argument);
        Frame = frame;
    }

    public ReadOnlyMemory<byte> Frame { get; }

    /// <summary>The command's name: what errors and logs may show of it.</summary>
    public string Name => Encoding.UTF8.GetString(Part(0));

    /// <summary>The name is 0; empty when there are fewer.</summary>
    public ReadOnlySpan<byte> Part(int index)
    {
        var rest = Frame.Span;
        rest = ReadHeader(rest, out var count);
        if (index >= count)
            return default;
        for (var n = 0; ; n++)
        {
            rest = ReadHeader(rest, out var length);
            if (n == index)
                return rest[..length];
            rest = rest[(length + 2)..];
        }
    }

    public bool Has(int index)
    {
        ReadHeader(Frame.Span, out var count);
        return index < count;
    }

    public override string ToString() => Name;

    private static ReadOnlySpan<byte> ReadHeader(ReadOnlySpan<byte> rest, out int count)
    {
        var end = rest.IndexOf((byte)'\r');
        count = int.Parse(rest[1..end], CultureInfo.InvariantCulture);
        return rest[(end + 2)..];
    }

    private static int PartLength(RedisValue value) =>
        value.Length is var length ? HeaderLength(length) + length + 2 : 0;

    private static int HeaderLength(int number) => 1 + ((RedisValue)number).Length + 2;

    private static Span<byte> WritePart(Span<byte> target, RedisValue value)
    {
        var rest = WriteHeader(target, (byte)'$', value.Length);
        var length = value.Write(rest);
        LineEnd.CopyTo(rest[length..]);
        return rest[(length + 2)..];
    }

    private static Span<byte> WriteHeader(Span<byte> target, byte mark, int number)
    {
        target[0] = mark;
        Utf8Formatter.TryFormat(number, target[1..], out var digits);
        LineEnd.CopyTo(target[(1 + digits)..]);
        return target[(1 + digits + 2)..];
    }
}
