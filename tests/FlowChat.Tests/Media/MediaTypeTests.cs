using FlowChat.Media;
using FlowChat.Media.Forms;
using FlowChat.Messages;

namespace FlowChat.Tests.Media;

public sealed class MediaTypeTests
{
    private const string Unknown = "application/octet-stream";

    public static TheoryData<string, byte[], string, bool> Files =>
        new()
        {
            { "image/jpeg", TestFile.Jpeg(), "image/jpeg", true },
            { "IMAGE/JPG", TestFile.Jpeg(), "IMAGE/JPG", true },
            // A mistake.
            { "image/jpeg", TestFile.Png(), "image/png", true },
            { "image/png", TestFile.Webp(), "image/webp", true },
            { "audio/mpeg", TestFile.Ogg(), "audio/ogg", true },
            { "audio/ogg; codecs=opus", TestFile.Ogg(), "audio/ogg; codecs=opus", true },
            { "audio/mp4", TestFile.Mp4(), "audio/mp4", true },
            { "video/mp4", TestFile.Mp4(), "video/mp4", true },
            { Unknown, TestFile.Pdf(), "application/pdf", true },
            { "", TestFile.Png(), "image/png", true },
            {
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                [.. "PK\x03\x04rest"u8],
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                true
            },
            { "text/csv", [.. "a;b;c"u8], "text/csv", true },
            // No mistake.
            { "image/jpeg", TestFile.Html(), Unknown, false },
            { "image/jpeg", TestFile.Mp4(), Unknown, false },
            { "image/png", [.. "MZ\x90\0"u8], Unknown, false },
            { "application/pdf", TestFile.Html(), Unknown, false },
            { "application/pdf", [.. "PK\x03\x04"u8], Unknown, false },
            { "text/plain", TestFile.Pdf(), Unknown, false },
            { "image/heic", TestFile.Svg(), Unknown, false },
            // What can't be a header.
            { "text/plain\r\nSet-Cookie: a=b", [.. "x"u8], Unknown, true },
            { "nonsense", [.. "x"u8], Unknown, true },
        };

    [Theory]
    [MemberData(nameof(Files))]
    public void The_bytes_decide(string said, byte[] bytes, string type, bool isAsSaid) =>
        Assert.Equal(
            new MediaType(type, isAsSaid),
            MediaType.Judge(said, bytes.AsSpan(0, Math.Min(bytes.Length, MediaForms.HeadSize)))
        );

    [Theory]
    [InlineData("image/svg+xml")]
    [InlineData("text/html")]
    [InlineData("application/xhtml+xml")]
    [InlineData("text/xml")]
    [InlineData("application/pdf")]
    [InlineData("text/plain")]
    [InlineData(Unknown)]
    public void What_could_run_is_never_shown_in_place(string type) =>
        Assert.False(MediaType.ShowsInPlace(type));

    public static TheoryData<byte[], int, int> Images =>
        new()
        {
            { TestFile.Jpeg(width: 1_600, height: 900), 1_600, 900 },
            { TestFile.TurnedJpeg(width: 4_000, height: 3_000), 3_000, 4_000 },
            { TestFile.Png(width: 33, height: 44), 33, 44 },
            { TestFile.Gif(300, 20), 300, 20 },
            { TestFile.Webp(512, 300), 512, 300 },
        };

    [Theory]
    [MemberData(nameof(Images))]
    public void An_image_says_how_large_it_is(byte[] image, int width, int height)
    {
        using var stream = new MemoryStream(image);
        Assert.Equal((width, height), ImageSize.Read(stream));
    }

    [Fact]
    public void Broken_images_have_no_size_and_break_nothing()
    {
        var random = new Random(7);
        byte[][] images =
        [
            TestFile.Jpeg(300),
            TestFile.TurnedJpeg(9, 9),
            TestFile.Png(300),
            TestFile.Gif(2, 2),
            TestFile.Webp(),
        ];
        for (var round = 0; round < 20_000; round++)
        {
            var image = images[round % images.Length].ToArray();
            for (var i = 0; i < 4; i++)
                image[random.Next(3, 60)] = (byte)random.Next(256);
            using var stream = new MemoryStream(image[..random.Next(image.Length)]);
            var size = ImageSize.Read(stream);
            Assert.True(size is null or { Width: > 0, Height: > 0 });
        }
    }

    [Theory]
    [InlineData("Proposta 2026.pdf", "Proposta 2026.pdf")]
    [InlineData("Orçamento – ção 日本.pdf", "Orçamento – ção 日本.pdf")]
    [InlineData("../../etc/passwd", "etcpasswd")]
    [InlineData("a\r\nSet-Cookie: b\".exe", "aSet-Cookie b.exe")]
    [InlineData("fatura\u202Egpj.exe", "faturagpj.exe")]
    [InlineData(" . ", "document.pdf")]
    [InlineData(null, "document.pdf")]
    public void A_name_harms_nobody(string? name, string safe) =>
        Assert.Equal(
            safe,
            SafeFileName.Of(
                new()
                {
                    Id = Guid.Empty,
                    Kind = MessageType.Document,
                    MimeType = "application/pdf",
                    FileName = name,
                    State = AttachmentState.Ready,
                }
            )
        );
}
