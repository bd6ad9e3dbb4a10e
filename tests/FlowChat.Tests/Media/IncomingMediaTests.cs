using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using static FlowChat.Tests.Media.ArrivingMedia;

namespace FlowChat.Tests.Media;

/// <summary>What contacts send, from the gateway to the inbox.</summary>
public sealed class IncomingMediaTests(MediaFlowChat inbox) : IClassFixture<MediaFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Http => inbox.Server.Client.Http;

    [Fact]
    public async Task It_is_shown_at_once_and_served_when_its_bytes_are_here()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var bytes = TestFile.Jpeg(width: 1_600, height: 900);
        var message = MessageKinds.Image("Olha só");
        message.Said("width", 0).Said("height", 0);

        var id = await number.ReceiveAsync(message, bytes);
        var first = await number.WaitForMediaAsync(id, "pending", Ct);
        var ready = await number.WaitForMediaAsync(id, "ready", Ct);

        Assert.Equal("Olha só", ready.Text);
        Assert.True(ready.Version > first.Version);
        var attachment = ready.Attachments[0];
        Assert.Equal(
            ("image", "image/jpeg", bytes.Length, 1_600, 900),
            (
                attachment.Kind,
                attachment.MimeType,
                attachment.SizeBytes,
                attachment.Width,
                attachment.Height
            )
        );
        Assert.Equal(bytes, await Http.GetByteArrayAsync(ContentOf(attachment), Ct));
        Assert.Equivalent(
            attachment,
            await inbox.Server.Client.GetAsync<Attachment>($"/api/attachments/{attachment.Id}", Ct)
        );
    }

    [Fact]
    public async Task The_gateways_own_store_is_asked_first()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var bytes = TestFile.Mp4();
        var id = WhatsAppId.New();
        var url = number.Gateway.MediaUrl(id).ToString();

        await number.ReceiveAsync(MessageKinds.Video().With("mediaUrl", url), bytes, id);
        var attachment = await number.WaitUntilReadyAsync(id, Ct);

        Assert.Equal(bytes, await Http.GetByteArrayAsync(ContentOf(attachment), Ct));
        Assert.Equal(0, number.Fetches(id));
    }

    [Theory]
    [InlineData("ephemeralMessage")]
    [InlineData("viewOnceMessageV2")]
    public async Task That_store_is_named_beside_a_wrapper(string wrapper)
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var bytes = TestFile.Mp4();
        var id = WhatsAppId.New();
        number.Gateway.Media[id] = new FakeMedium("video/mp4", bytes);

        await number.Fake.PostAsync(
            new TextMessage(number.Fake.Number, Person.Ana, "")
            {
                Id = id,
                Message = new JsonObject
                {
                    [wrapper] = new JsonObject { ["message"] = MessageKinds.Video() },
                    ["mediaUrl"] = number.Gateway.MediaUrl(id).ToString(),
                },
                SentAt = number.Now,
            }.ToEnvelope()
        );
        var attachment = await number.WaitUntilReadyAsync(id, Ct);

        Assert.Equal(bytes, await Http.GetByteArrayAsync(ContentOf(attachment), Ct));
        Assert.Equal(0, number.Fetches(id));
    }

    [Theory]
    [InlineData(BytesForm.Base64)]
    [InlineData(BytesForm.Indexed)]
    public async Task What_a_line_broke_is_fetched_again(BytesForm form)
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var bytes = TestFile.Jpeg(seed: 61);
        var id = WhatsAppId.New();
        var whole = new FakeMedium("image/jpeg", bytes);
        var broken = new FakeMedium("image/jpeg", bytes[..^100]);
        number.Gateway.Media[id] = whole with
        {
            Instead = (answer, ct) =>
                (number.Fetches(id) == 1 ? broken : whole).WriteAsync(answer, ct),
        };

        await number.PostAsync(
            MessageKinds.Image().Hashed(SHA256.HashData(bytes), bytes.Length, form),
            id
        );
        var attachment = await number.WaitUntilReadyAsync(id, Ct);

        Assert.Equal(bytes, await Http.GetByteArrayAsync(ContentOf(attachment), Ct));
        Assert.Equal(2, number.Fetches(id));
    }

    [Fact]
    public async Task What_the_gateways_store_has_broken_the_gateway_has_whole()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var bytes = TestFile.Mp4();
        number.Gateway.Media["HALF"] = new FakeMedium("video/mp4", bytes[..10_000]);
        var half = number.Gateway.MediaUrl("HALF").ToString();

        var id = await number.ReceiveAsync(MessageKinds.Video().With("mediaUrl", half), bytes);
        var attachment = await number.WaitUntilReadyAsync(id, Ct);

        Assert.Equal(bytes, await Http.GetByteArrayAsync(ContentOf(attachment), Ct));
        Assert.Equal(1, number.Fetches(id));
    }

    [Fact]
    public async Task A_gateway_that_converts_is_believed_the_second_time()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var (sent, converted) = (TestFile.Mp4(), TestFile.Mp4(21_000));
        var id = WhatsAppId.New();
        number.Gateway.Media[id] = new FakeMedium("video/mp4", converted);

        await number.PostAsync(MessageKinds.Video().Hashed(SHA256.HashData(sent), sent.Length), id);
        var attachment = await number.WaitUntilReadyAsync(id, Ct);

        Assert.Equal(converted, await Http.GetByteArrayAsync(ContentOf(attachment), Ct));
        Assert.Equal(("video", 2), (attachment.Kind, number.Fetches(id)));
    }

    [Fact]
    public async Task What_that_store_has_forgotten_the_gateway_still_has()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var gone = number.Gateway.MediaUrl("GONE").ToString();
        var bytes = TestFile.Mp4();

        var id = await number.ReceiveAsync(MessageKinds.Video().With("mediaUrl", gone), bytes);
        var attachment = await number.WaitUntilReadyAsync(id, Ct);

        Assert.Equal(bytes, await Http.GetByteArrayAsync(ContentOf(attachment), Ct));
        Assert.Equal(1, number.Fetches(id));
    }

    [Fact]
    public async Task A_page_in_place_of_the_file_sends_it_to_the_gateway()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        number.Gateway.Media["PAGE"] = new("text/html", TestFile.Html());
        var page = number.Gateway.MediaUrl("PAGE").ToString();
        var bytes = TestFile.Jpeg(seed: 11);

        var id = await number.ReceiveAsync(MessageKinds.Image().With("mediaUrl", page), bytes);
        var attachment = await number.WaitUntilReadyAsync(id, Ct);

        Assert.Equal("image/jpeg", attachment.MimeType);
        Assert.Equal(bytes, await Http.GetByteArrayAsync(ContentOf(attachment), Ct));
    }

    [Fact]
    public async Task What_comes_with_the_webhook_is_asked_of_nobody()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var bytes = TestFile.Ogg(200_000);
        var message = MessageKinds.VoiceNote().With("base64", Convert.ToBase64String(bytes));

        var id = await number.ReceiveAsync(message, bytes: null);
        await number.PostAsync(message, id);
        var attachment = await number.WaitUntilReadyAsync(id, Ct);

        Assert.Equal(("voice", "audio/ogg; codecs=opus"), (attachment.Kind, attachment.MimeType));
        Assert.Equal(64, attachment.Waveform!.Count);
        Assert.Equal(bytes, await Http.GetByteArrayAsync(ContentOf(attachment), Ct));
        Assert.Equal(0, number.Fetches(id));
    }

    [Fact]
    public async Task What_is_no_base64_is_asked_of_the_gateway()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var message = MessageKinds.Image().With("base64", "[file too large]");

        var id = await number.ReceiveAsync(message, TestFile.Jpeg(seed: 12));

        await number.WaitUntilReadyAsync(id, Ct);
        Assert.Equal(1, number.Fetches(id));
    }

    [Fact]
    public async Task The_true_length_wins()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var bytes = TestFile.Jpeg(seed: 13);

        var id = await number.ReceiveAsync(MessageKinds.Image().Said("fileLength", "10"), bytes);

        Assert.Equal(bytes.Length, (await number.WaitUntilReadyAsync(id, Ct)).SizeBytes);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_no_file()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var bytes = TestFile.Jpeg(seed: 14);
        var id = WhatsAppId.New();
        var asked = 0;
        var whole = new FakeMedium("image/jpeg", bytes);
        number.Gateway.Media[id] = whole with
        {
            Instead = async (answer, ct) =>
            {
                if (Interlocked.Increment(ref asked) == 1)
                    await answer.WriteAsync(
                        Encoding.ASCII.GetBytes(
                            "{\"base64\":\"" + Convert.ToBase64String(bytes, 0, 3_000)
                        ),
                        ct
                    );
                else
                    await whole.WriteAsync(answer, ct);
            },
        };

        await number.PostAsync(MessageKinds.Image(), id);
        var attachment = await number.WaitUntilReadyAsync(id, Ct);

        Assert.Equal(bytes, await Http.GetByteArrayAsync(ContentOf(attachment), Ct));
        Assert.Equal(2, number.Fetches(id));
    }

    [Fact]
    public async Task A_gateway_that_hangs_is_left_and_asked_again()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        number.Gateway.Script.Next(request => request.IsFetch(), Reply.Never);

        var id = await number.ReceiveAsync(
            MessageKinds.Image().Said("fileLength", 5_000),
            TestFile.Jpeg(seed: 15)
        );

        await number.WaitUntilReadyAsync(id, Ct);
        Assert.Equal(2, number.Fetches(id));
    }

    [Fact]
    public async Task One_that_stalls_within_the_file_is_left_too()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var id = WhatsAppId.New();
        var whole = new FakeMedium("image/jpeg", TestFile.Jpeg(seed: 16));
        number.Gateway.Media[id] = whole with
        {
            Instead = async (answer, ct) =>
            {
                if (number.Fetches(id) > 1)
                {
                    await whole.WriteAsync(answer, ct);
                    return;
                }
                await answer.WriteAsync("{\"base64\":\"AAAA"u8.ToArray(), ct);
                await answer.FlushAsync(ct);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            },
        };

        await number.PostAsync(MessageKinds.Image(), id);

        await number.WaitUntilReadyAsync(id, Ct);
    }

    [Fact]
    public async Task What_is_too_large_is_not_tried_twice()
    {
        await using var number = await inbox.ConnectAsync(Ct);

        var id = await number.ReceiveAsync(MessageKinds.Video(), TestFile.Mp4(2_200_000));
        var message = await number.WaitForMediaAsync(id, "unavailable", Ct);

        Assert.Equal("The file is larger than 2 MB.", message.Attachments[0].Reason);
        Assert.Equal(1, number.Fetches(id));
        using var content = await Http.GetAsync(ContentOf(message.Attachments[0]), Ct);
        Assert.Equal(HttpStatusCode.NotFound, content.StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_had_says_why_and_comes_when_somebody_asks_again()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var id = await number.ReceiveAsync(MessageKinds.Document(), bytes: null);
        var message = await number.WaitForMediaAsync(id, "unavailable", Ct);
        var attachment = message.Attachments[0];
        Assert.Equal("HTTP 400: Error: Message not found", attachment.Reason);
        Assert.Equal(2, number.Fetches(id));

        var bytes = TestFile.Pdf();
        number.Gateway.Media[id] = new("application/pdf", bytes);
        var seq = await number.LastSeqAsync(Ct);
        using var again = await Http.PostAsync($"/api/attachments/{attachment.Id}/retry", null, Ct);

        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        await number.WaitForMediaAsync(id, "pending", Ct, seq);
        var ready = await number.WaitUntilReadyAsync(id, Ct, seq);
        Assert.Null(ready.Reason);
        Assert.Equal(bytes, await Http.GetByteArrayAsync(ContentOf(attachment), Ct));
        using var third = await Http.PostAsync($"/api/attachments/{attachment.Id}/retry", null, Ct);
        Assert.Equal(HttpStatusCode.Conflict, third.StatusCode);
    }

    [Fact]
    public async Task The_same_bytes_are_kept_once()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var bytes = TestFile.Jpeg(seed: 17);

        var first = await number.ReceiveAsync(MessageKinds.Image(), bytes);
        var second = await number.ReceiveAsync(MessageKinds.Image(), bytes);
        await number.WaitUntilReadyAsync(first, Ct);
        await number.WaitUntilReadyAsync(second, Ct);

        var hash = StoredFiles.HashOf(bytes);
        Assert.Single(StoredFiles.All(inbox.Server), file => Path.GetFileName(file) == hash);
    }
}
