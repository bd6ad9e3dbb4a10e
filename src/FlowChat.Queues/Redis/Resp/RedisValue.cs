using System.Buffers.Text;
using System.Text;

namespace FlowChat.Queues.Redis.Resp;

/// <summary>One argument of a command: bytes, a text or a number.</summary>
internal readonly struct RedisValue
{
    private const int LongestNumber = 20;

    private readonly string? text;
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly long number;
    private readonly bool isNumber;

    private RedisValue(string text) => this.text = text;

    private RedisValue(ReadOnlyMemory<byte> bytes) => this.bytes = bytes;

    private RedisValue(long number)
    {
        this.number = number;
        isNumber = true;
    }

    public static implicit operator RedisValue(string text) => new(text);

    public static implicit operator RedisValue(byte[] bytes) => new(bytes.AsMemory());

    public static implicit operator RedisValue(ReadOnlyMemory<byte> bytes) => new(bytes);

    public static implicit operator RedisValue(long number) => new(number);

    public int Length
    {
        get
        {
            if (text is not null)
                return Encoding.UTF8.GetByteCount(text);
            if (!isNumber)
                return bytes.Length;
            Span<byte> digits = stackalloc byte[LongestNumber];
            return Write(digits);
        }
    }

    /// <summary>Returns how many bytes it took.</summary>
    public int Write(Span<byte> target)
    {
        if (text is not null)
            return Encoding.UTF8.GetBytes(text, target);
        if (isNumber)
        {
            Utf8Formatter.TryFormat(number, target, out var written);
            return written;
        }

        bytes.Span.CopyTo(target);
        return bytes.Length;
    }
}
