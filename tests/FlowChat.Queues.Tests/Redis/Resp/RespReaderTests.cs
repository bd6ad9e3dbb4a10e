using System.Buffers;
using System.Text;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Tests.Redis.Resp;

public sealed class RespReaderTests
{
    [Fact]
    public void Random_replies_are_read_as_they_were_meant_wherever_they_are_cut()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var samples = Enumerable
                .Range(0, 3)
                .Select(n => RespSample.Make((seed * 3) + n))
                .ToArray();
            byte[] stream = [.. samples.SelectMany(sample => sample.Bytes)];
            var random = new Random(seed);
            var read = ReadInPieces(stream, () => random.Next(1, 40));
            Assert.True(
                samples.Select(sample => sample.Meaning).SequenceEqual(read),
                $"Seed {seed} was read otherwise."
            );
        }
    }

    [Fact]
    public void A_reply_split_at_every_byte_is_the_same_reply()
    {
        var stream =
            "|1\r\n+ttl\r\n:3\r\n*3\r\n$5\r\na\r\nbc\r\n%1\r\n+k\r\n~2\r\n#t\r\n,1.5\r\n=5\r\ntxt:é\r\n:7\r\n";
        var bytes = Encoding.UTF8.GetBytes(stream.Replace("=5", "=6", StringComparison.Ordinal));
        var whole = ReadInPieces(bytes, () => bytes.Length);
        Assert.Equal(2, whole.Count);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            var pieces = new Queue<int>([cut, bytes.Length - cut]);
            Assert.Equal(whole, ReadInPieces(bytes, pieces.Dequeue));
        }

        Assert.Equal(whole, ReadInPieces(bytes, () => 1));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("\r\n")]
    [InlineData("$x\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$99999999999999999999\r\n")]
    [InlineData("$2147483647\r\n")]
    [InlineData("$999999999999\r\n")]
    [InlineData("*999999999999\r\n")]
    [InlineData("$9223372036854775807\r\n")]
    [InlineData("*3000000\r\n")]
    [InlineData("*1\r\n*9223372036854775807\r\n")]
    [InlineData("%4611686018427387904\r\n")]
    [InlineData("$2\r\nabc\r\n")]
    [InlineData("*1\r\n$1\r\nab\r")]
    [InlineData(":\r\n")]
    [InlineData(":1x\r\n")]
    [InlineData("#x\r\n")]
    [InlineData(",one\r\n")]
    [InlineData("=2\r\nab\r\n")]
    [InlineData("$?\r\n")]
    public void Garbage_is_refused(string text) =>
        Assert.Throws<RespException>(() => ReadInPieces(Encoding.UTF8.GetBytes(text), () => 1));

    [Fact]
    public void Random_bytes_are_refused_or_wanted_more_of_but_never_anything_else()
    {
        var random = new Random(11);
        for (var n = 0; n < 20_000; n++)
        {
            var bytes = RespSample.Make(n).Bytes;
            for (var hits = random.Next(1, 4); hits > 0; hits--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                ReadInPieces(bytes, () => random.Next(1, 40));
            }
            catch (RespException)
            {
                // As it should be.
            }
        }
    }

    [Fact]
    public void What_is_too_deep_too_long_or_endless_is_refused_before_it_has_come()
    {
        Refused(string.Concat(Enumerable.Repeat("*1\r\n", 65)) + ":1\r\n");
        Refused("+" + new string('a', 70_000));
        Refused("$1073741824\r\n");
        Assert.Single(
            ReadInPieces(Utf8(string.Concat(Enumerable.Repeat("*1\r\n", 64)) + ":1\r\n"), () => 9)
        );
    }

    [Fact]
    public void A_huge_text_costs_no_second_look_at_what_has_come()
    {
        var content = new byte[64 * 1024 * 1024];
        var stream = Utf8($"*2\r\n${content.Length}\r\n")
            .Concat(content)
            .Concat(Utf8("\r\n:1\r\n"));
        var read = Read([.. stream], () => 4096);
        Assert.Equal(content.Length, read.Single()[0].Bytes.Length);
    }

    [Fact]
    public void A_list_shares_one_array()
    {
        var stream = Utf8("*1000\r\n" + string.Concat(Enumerable.Repeat("$4\r\nabcd\r\n", 1000)));
        Read(stream, () => stream.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var list = Read(stream, () => stream.Length).Single();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(1000, list.Count);
        Assert.InRange(allocated, 1, 60_000);
    }

    private static void Refused(string text) =>
        Assert.Throws<RespException>(() => ReadInPieces(Utf8(text), () => 1000));

    private static List<string> ReadInPieces(byte[] stream, Func<int> next) =>
        [.. Read(stream, next).Select(RespSample.Meaning)];

    // As a pipe does: what wasn't consumed comes again, with more behind it.
    private static List<RedisReply> Read(byte[] stream, Func<int> next)
    {
        var replies = new List<RedisReply>();
        var reader = new RespReader(new RespLimits { Items = 1_000_000 });
        Piece? first = null;
        Piece? last = null;
        for (var at = 0; at < stream.Length; )
        {
            var length = Math.Min(next(), stream.Length - at);
            last = new Piece(stream.AsMemory(at, length), last);
            first ??= last;
            at += length;
            var buffer = new ReadOnlySequence<byte>(first, first.Skip, last, length);
            while (reader.TryRead(ref buffer, out var reply))
                replies.Add(reply);
            first = (Piece?)buffer.Start.GetObject();
            first?.Skip = buffer.Start.GetInteger();
            if (buffer.IsEmpty)
                (first, last) = (null, null);
        }

        return replies;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }

        public int Skip { get; set; }
    }
}
