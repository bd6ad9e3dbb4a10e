using System.Buffers.Binary;
using FlowChat.Media.Opus;

namespace FlowChat.Tests.Media;

/// <summary>A browser's recording as the file that WhatsApp takes: the same sound, packet by packet.</summary>
public sealed class OpusRemuxTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("chromium.webm")]
    [InlineData("ffmpeg.webm")]
    public async Task Its_length_is_known_beforehand_and_its_pages_are_whole(string recording)
    {
        var bytes = Recording.Read(recording);

        var ogg = await RemuxAsync(bytes);

        Assert.Equal(ogg.Length, await OpusRemux.MeasureAsync(new MemoryStream(bytes), Ct));
        var pages = Pages(ogg);
        Assert.Equal(2, pages[0].Flags);
        Assert.Equal(4, pages[^1].Flags);
        Assert.All(pages[1..^1], page => Assert.Equal(0, page.Flags));
        Assert.Equal(Enumerable.Range(0, pages.Count), pages.Select(page => page.Number));
        Assert.StartsWith("OpusHead", Text(pages[0].Body));
        Assert.StartsWith("OpusTags", Text(pages[1].Body));
        Assert.True(pages.Zip(pages.Skip(1)).All(two => two.First.Granule <= two.Second.Granule));
        // Both are of three seconds.
        Assert.InRange(pages[^1].Granule / 48_000.0, 2.8, 3.3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(2_000)]
    public async Task What_is_cut_off_or_something_else_is_refused(int length)
    {
        var bytes = Recording.Read("ffmpeg.webm")[..length];

        await Assert.ThrowsAsync<InvalidDataException>(() => RemuxAsync(bytes));
        await Assert.ThrowsAsync<InvalidDataException>(() => RemuxAsync(TestFile.Png()));
    }

    [Fact]
    public async Task Whatever_bytes_are_broken_it_ends_and_throws_nothing_else()
    {
        var whole = Recording.Read("ffmpeg.webm");
        var random = new Random(7);
        for (var run = 0; run < 500; run++)
        {
            var bytes = whole.ToArray();
            for (var n = 0; n < 5; n++)
                bytes[random.Next(random.Next(2) == 0 ? 400 : bytes.Length)] = (byte)
                    random.Next(256);
            var error = await Record.ExceptionAsync(() => RemuxAsync(bytes));
            Assert.True(error is null or InvalidDataException, error?.ToString());
        }
    }

    private static async Task<byte[]> RemuxAsync(byte[] webm)
    {
        using var ogg = new MemoryStream();
        await OpusRemux.WriteAsync(new MemoryStream(webm), ogg, Ct);
        return ogg.ToArray();
    }

    private static string Text(byte[] body) => System.Text.Encoding.ASCII.GetString(body);

    private static List<Page> Pages(byte[] ogg)
    {
        var pages = new List<Page>();
        for (var at = 0; at < ogg.Length; )
        {
            Assert.Equal("OggS", Text(ogg[at..(at + 4)]));
            var segments = ogg[at + 26];
            var start = at + 27 + segments;
            var end = start + ogg.AsSpan(at + 27, segments).ToArray().Sum(length => length);
            var page = ogg[at..end];
            var said = BinaryPrimitives.ReadUInt32LittleEndian(page.AsSpan(22));
            page.AsSpan(22, 4).Clear();
            Assert.Equal(Crc(page), said);
            pages.Add(
                new(
                    page[5],
                    BinaryPrimitives.ReadInt32LittleEndian(page.AsSpan(18)),
                    BinaryPrimitives.ReadInt64LittleEndian(page.AsSpan(6)),
                    ogg[start..end]
                )
            );
            at = end;
        }
        return pages;
    }

    private static uint Crc(byte[] page)
    {
        var crc = 0u;
        foreach (var b in page)
        {
            crc ^= (uint)b << 24;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x80000000) == 0 ? crc << 1 : (crc << 1) ^ 0x04C11DB7;
        }
        return crc;
    }

    private sealed record Page(byte Flags, int Number, long Granule, byte[] Body);
}
