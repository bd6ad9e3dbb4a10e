using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace FlowChat.Queues.Redis.Resp;

internal enum RedisKind : byte
{
    Null,
    Integer,
    Boolean,
    Double,
    BigNumber,
    SimpleString,
    BulkString,
    Verbatim,
    Error,
    Array,
    Map,
    Set,
    Push,
}

/// <summary>
/// One answer. All texts of an answer share one array, so that a list of a thousand entries is two allocations; what is
/// kept of it keeps that array.
/// </summary>
internal readonly struct RedisReply
{
    private readonly object? content;
    private readonly int start;
    private readonly int length;
    private readonly long number;

    private RedisReply(RedisKind kind, object? content, int start, int length, long number)
    {
        Kind = kind;
        this.content = content;
        this.start = start;
        this.length = length;
        this.number = number;
    }

    public RedisKind Kind { get; }

    public bool IsNull => Kind == RedisKind.Null;

    public bool IsError => Kind == RedisKind.Error;

    /// <summary>A number, also one that came as text; a boolean is 1 or 0.</summary>
    public long Integer =>
        Kind switch
        {
            RedisKind.Integer or RedisKind.Boolean => number,
            _ when Utf8Parser.TryParse(Bytes.Span, out long parsed, out var read)
                    && read == length => parsed,
            _ => throw Unlike("an integer"),
        };

    public bool Boolean => Integer != 0;

    /// <summary>A floating-point number, also one that came as text.</summary>
    public double Double =>
        Kind switch
        {
            RedisKind.Double => BitConverter.Int64BitsToDouble(number),
            RedisKind.Integer => number,
            _ when double.TryParse(Bytes.Span, CultureInfo.InvariantCulture, out var parsed) =>
                parsed,
            _ => throw Unlike("a floating-point number"),
        };

    /// <summary>The bytes of a text, big number or error; empty for null.</summary>
    public ReadOnlyMemory<byte> Bytes =>
        Kind == RedisKind.Null ? default
        : content is byte[] bytes ? bytes.AsMemory(start, length)
        : throw Unlike("a text");

    /// <summary><see cref="Bytes"/> as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>The items of a list; of a map its keys and values in turn; none for null.</summary>
    public ReadOnlySpan<RedisReply> Items =>
        Kind == RedisKind.Null ? default
        : content is RedisReply[] items ? items
        : throw Unlike("a list");

    public int Count => Items.Length;

    public RedisReply this[int index] => Items[index];

    public static RedisReply Null => default;

    public static RedisReply Of(RedisKind kind, long number) => new(kind, null, 0, 0, number);

    public static RedisReply Of(double number) =>
        new(RedisKind.Double, null, 0, 0, BitConverter.DoubleToInt64Bits(number));

    public static RedisReply Of(RedisKind kind, byte[] bytes, int start, int length) =>
        new(kind, bytes, start, length, 0);

    public static RedisReply Of(RedisKind kind, RedisReply[] items) => new(kind, items, 0, 0, 0);

    private InvalidOperationException Unlike(string wanted) => new($"A {Kind} is not {wanted}.");
}
