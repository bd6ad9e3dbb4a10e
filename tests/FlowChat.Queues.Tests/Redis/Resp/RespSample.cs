using System.Buffers;
using System.Globalization;
using System.Text;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Tests.Redis.Resp;

/// <summary>A random reply: its bytes, as a server would send them, and what must be read from them.</summary>
internal sealed class RespSample(int seed)
{
    private const int Deepest = 4;

    private readonly Random random = new(seed);
    private readonly ArrayBufferWriter<byte> bytes = new();

    public static (byte[] Bytes, string Meaning) Make(int seed)
    {
        var sample = new RespSample(seed);
        var meaning = sample.Any(0);
        return (sample.bytes.WrittenSpan.ToArray(), meaning);
    }

    public static string Meaning(RedisReply reply) =>
        reply.Kind switch
        {
            RedisKind.Null => "null",
            RedisKind.Integer => $"int {reply.Integer}",
            RedisKind.Boolean => $"bool {reply.Boolean}",
            RedisKind.Double => Floating(reply.Double),
            RedisKind.Array or RedisKind.Map or RedisKind.Set or RedisKind.Push => List(
                reply.Kind,
                reply.Items.ToArray().Select(Meaning)
            ),
            _ => $"{reply.Kind} {Convert.ToHexString(reply.Bytes.Span)}",
        };

    private string Any(int depth)
    {
        if (random.Next(10) == 0)
        {
            Many('|', 2, depth + 1);
        }

        return random.Next(depth < Deepest ? 15 : 11) switch
        {
            0 => Write("_\r\n", "null"),
            1 => Write("$-1\r\n", "null"),
            2 => Write("*-1\r\n", "null"),
            3 => Integer(random.NextInt64(long.MinValue, long.MaxValue)),
            4 => random.Next(2) == 0 ? Write("#t\r\n", "bool True") : Write("#f\r\n", "bool False"),
            5 => Double(),
            6 => Line('(', RedisKind.BigNumber, "-123456789012345678901234567890"),
            7 => Line('+', RedisKind.SimpleString, random.Next(2) == 0 ? "OK" : "a\nb\rc"),
            8 => Line('-', RedisKind.Error, "ERR no"),
            9 => Bulk('!', RedisKind.Error, ""),
            10 => random.Next(4) == 0
                ? Bulk('=', RedisKind.Verbatim, "txt:")
                : Bulk('$', RedisKind.BulkString, ""),
            11 => List(RedisKind.Map, Many('%', 2, depth)),
            12 => List(RedisKind.Set, Many('~', 1, depth)),
            13 => List(RedisKind.Push, Many('>', 1, depth)),
            _ => List(RedisKind.Array, Many('*', 1, depth)),
        };
    }

    private List<string> Many(char mark, int parts, int depth)
    {
        var count = random.Next(4);
        Write($"{mark}{count}\r\n", "");
        return [.. Enumerable.Range(0, count * parts).Select(_ => Any(depth + 1)).ToArray()];
    }

    private string Integer(long number) => Write($":{number}\r\n", $"int {number}");

    private string Double()
    {
        var number = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300));
        return random.Next(4) switch
        {
            0 => Write(",inf\r\n", Floating(double.PositiveInfinity)),
            1 => Write(",-inf\r\n", Floating(double.NegativeInfinity)),
            2 => Write(",nan\r\n", Floating(double.NaN)),
            _ => Write(
                string.Create(CultureInfo.InvariantCulture, $",{number:R}\r\n"),
                Floating(number)
            ),
        };
    }

    private string Line(char mark, RedisKind kind, string text) =>
        Write($"{mark}{text}\r\n", $"{kind} {Convert.ToHexString(Encoding.UTF8.GetBytes(text))}");

    // Its content may look like the protocol.
    private string Bulk(char mark, RedisKind kind, string format)
    {
        var content = new byte[random.Next(3) == 0 ? 0 : random.Next(200)];
        random.NextBytes(content);
        if (random.Next(3) == 0)
            content = "\r\n*3\r\n$5\r\n"u8.ToArray();
        Write($"{mark}{format.Length + content.Length}\r\n{format}", "");
        bytes.Write(content);
        return Write("\r\n", $"{kind} {Convert.ToHexString(content)}");
    }

    private string Write(string text, string meaning)
    {
        bytes.Write(Encoding.UTF8.GetBytes(text));
        return meaning;
    }

    private static string List(RedisKind kind, IEnumerable<string> items) =>
        $"{kind} [{string.Join(", ", items)}]";

    private static string Floating(double number) =>
        $"double {BitConverter.DoubleToInt64Bits(number)}";
}
