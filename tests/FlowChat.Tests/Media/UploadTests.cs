using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Media;
using FlowChat.Storage;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.Messages;
using Npgsql;

namespace FlowChat.Tests.Media;

/// <summary>Files that agents upload, and send.</summary>
public sealed class UploadTests(MediaFlowChat inbox) : IClassFixture<MediaFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Http => inbox.Server.Client.Http;

    [Fact]
    public async Task An_image_is_uploaded_sent_and_reaches_the_phone_as_it_was()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var bytes = TestFile.Jpeg(1_500_000, width: 800, height: 600, seed: 41);

        var attachment = await UploadAsync(bytes, "praia.jpg", "image/jpeg");
        Assert.Equal(
            ("image", "ready", 800, 600, "praia.jpg"),
            (
                attachment.Kind,
                attachment.State,
                attachment.Width,
                attachment.Height,
                attachment.FileName
            )
        );
        var message = await SendAsync(number, attachment, "Veja");
        await number.WaitAsync(message, "sent", Ct);

        var sent = Assert.Single(number.Gateway.Sent.All);
        Assert.Equal(("image", "Veja"), (sent.File!.Kind, sent.Text));
        Assert.Equal((bytes.Length, StoredFiles.HashOf(bytes)), (sent.File.Size, sent.File.Sha256));
        Assert.Equal(attachment.Id, Assert.Single(message.Attachments).Id);
        using var again = await TrySendAsync(number, attachment);
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
    }

    [Fact]
    public async Task A_file_whose_answer_was_lost_is_found_out_by_its_echo()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var late = new TaskCompletionSource();
        number.Gateway.Echo = new() { Signal = late.Task };
        number.Gateway.Script.Next(Reply.Lost);
        var attachment = await UploadAsync(TestFile.Jpeg(seed: 45), "a.jpg", "image/jpeg");

        var message = await SendAsync(number, attachment, "Segue a foto");
        await number.WaitAsync(message, "unknown", Ct);
        late.SetResult();
        var sent = await number.WaitAsync(message, "sent", Ct);

        Assert.Equal(number.Gateway.Sent.All.Single().Id, sent.WaId);
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
    }

    [Fact]
    public async Task A_large_file_has_more_time_than_a_text()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        // FLOWCHAT_GATEWAY_SECONDS is 2 here.
        number.Gateway.Script.Next(
            Reply.Normal.After(TimeSpan.FromSeconds(3), TimeProvider.System)
        );
        var attachment = await UploadAsync(TestFile.Mp4(1_000_000), "v.mp4", "video/mp4");

        var message = await SendAsync(number, attachment);

        await number.WaitAsync(message, "sent", Ct);
        Assert.Equal(
            ["queued", "sending", "sent"],
            (await number.StatesAsync(message, Ct)).Take(3)
        );
    }

    [Fact]
    public async Task A_recording_is_sent_as_a_voice_note_with_its_waveform()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var waveform = "[" + string.Join(',', Enumerable.Range(0, 64)) + "]";

        var attachment = await UploadAsync(
            TestFile.Ogg(),
            "voz.ogg",
            "audio/ogg; codecs=opus",
            ("kind", "voice"),
            ("duration_seconds", "12.5"),
            ("waveform", waveform)
        );
        Assert.Equal(("voice", 12.5), (attachment.Kind, attachment.DurationSeconds));
        Assert.Equal(Enumerable.Range(0, 64), attachment.Waveform);
        await number.WaitAsync(await SendAsync(number, attachment), "sent", Ct);

        var send = Assert.Single(number.Sends);
        Assert.StartsWith("/message/sendWhatsAppAudio/", send.Path, StringComparison.Ordinal);
        Assert.False(send.Body!["encoding"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_voice_note_that_would_lose_its_quote_is_refused_beforehand()
    {
        await using var number = await inbox.ConnectAsync(Ct);

        using var answer = await AnswerByVoiceAsync(number, "3EB0VOICE");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("voice_reply", await answer.Content.ReadAsStringAsync(Ct));
        var view = await inbox.Server.Client.GetAsync<JsonObject>(
            $"/api/instances/{number.Instance.Id}",
            Ct
        );
        Assert.DoesNotContain(
            "voice_reply",
            view["abilities"]!.AsArray().Select(one => (string?)one)
        );
        Assert.Empty(number.Sends);
    }

    [Fact]
    public async Task A_voice_note_answers_through_a_gateway_that_keeps_its_quote()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        await inbox.UpgradeAsync(number, "2.4.0", Ct);

        using var answer = await AnswerByVoiceAsync(number, "3EB0VOICE24");

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var send = await number.Gateway.Requests.WaitAsync(
            one => one.Path.StartsWith("/message/sendWhatsAppAudio/", StringComparison.Ordinal),
            Ct
        );
        Assert.Equal("3EB0VOICE24", (string?)send.Body!["quoted"]!["key"]!["id"]);
    }

    [Fact]
    public async Task A_sticker_and_a_document_go_their_own_ways()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var sticker = await UploadAsync(
            TestFile.Webp(),
            "s.webp",
            "image/webp",
            ("kind", "sticker")
        );
        var document = await UploadAsync(
            TestFile.Jpeg(seed: 42),
            "foto.jpg",
            "image/jpeg",
            ("kind", "document")
        );
        await number.WaitAsync(await SendAsync(number, sticker), "sent", Ct);
        await number.WaitAsync(await SendAsync(number, document), "sent", Ct);

        Assert.Equal(
            [("sticker", null), ("document", "foto.jpg")],
            number.Gateway.Sent.All.Select(sent => (sent.File!.Kind, sent.File.Name))
        );
    }

    [Theory]
    [InlineData("kind", "sticker", "kind")]
    [InlineData("kind", "voice", "kind")]
    [InlineData("duration_seconds", "long", "duration_seconds")]
    [InlineData("waveform", "[1,2,3]", "waveform")]
    [InlineData("colour", "red", "colour")]
    public async Task What_does_not_fit_is_said(string field, string value, string named)
    {
        using var answer = await TryUploadAsync(
            TestFile.Jpeg(seed: 43),
            "a.jpg",
            "image/jpeg",
            (field, value)
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            $"\"{named}\"",
            await answer.Content.ReadAsStringAsync(Ct),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_too_large_is_refused_and_leaves_nothing()
    {
        var before = StoredFiles
            .All(inbox.Server)
            .Count(file => file.Contains("incoming", StringComparison.Ordinal));

        using var large = await TryUploadAsync(TestFile.Mp4(2_200_000), "v.mp4", "video/mp4");
        using var empty = await TryUploadAsync([], "a.jpg", "image/jpeg");
        using var json = await Http.PostAsJsonAsync("/api/attachments", new { file = "x" }, Ct);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
        Assert.Equal(0, before);
    }

    [Fact]
    public async Task What_nobody_sends_goes_after_a_day_and_its_bytes_when_nobody_else_has_them()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var (shared, own) = (TestFile.Png(3_001), TestFile.Png(3_002));
        var sent = await UploadAsync(shared, "a.png", "image/png");
        await number.WaitAsync(await SendAsync(number, sent), "sent", Ct);
        var second = await UploadAsync(shared, "b.png", "image/png");
        var third = await UploadAsync(own, "c.png", "image/png");
        var fresh = await UploadAsync(TestFile.Png(3_003), "d.png", "image/png");
        await AgeAsync(sent.Id, second.Id, third.Id);

        await inbox.Server.Get<MediaUpkeep>().RunOnceAsync(Ct);

        Assert.Equal(
            [
                HttpStatusCode.OK,
                HttpStatusCode.NotFound,
                HttpStatusCode.NotFound,
                HttpStatusCode.OK,
            ],
            await Task.WhenAll(new[] { sent, second, third, fresh }.Select(StatusOfAsync))
        );
        var names = StoredFiles.All(inbox.Server).Select(Path.GetFileName).ToList();
        Assert.Contains(StoredFiles.HashOf(shared), names);
        Assert.DoesNotContain(StoredFiles.HashOf(own), names);
    }

    private async Task<HttpStatusCode> StatusOfAsync(Attachment attachment)
    {
        using var answer = await Http.GetAsync(ArrivingMedia.ContentOf(attachment), Ct);
        return answer.StatusCode;
    }

    private async Task AgeAsync(params Guid[] ids)
    {
        await using var command = inbox
            .Server.Get<Database>()
            .Migrator.CreateCommand(
                "update attachments set created_at = now() - interval '25 hours' where id = any($1)"
            );
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        await command.ExecuteNonQueryAsync(Ct);
    }

    private async Task<Message> SendAsync(
        TestNumber number,
        Attachment attachment,
        string? text = null
    )
    {
        using var answer = await TrySendAsync(number, attachment, text);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<Message>(FlowChatClient.Json, Ct))!;
    }

    private async Task<HttpResponseMessage> TrySendAsync(
        TestNumber number,
        Attachment attachment,
        string? text = null
    )
    {
        var conversation = await number.StartAsync(Ct);
        return await Http.PostAsJsonAsync(
            $"/api/conversations/{conversation.Id}/messages",
            new
            {
                ClientMessageId = Guid.CreateVersion7(),
                Text = text,
                AttachmentIds = new[] { attachment.Id },
            },
            FlowChatClient.Json,
            Ct
        );
    }

    private async Task<HttpResponseMessage> AnswerByVoiceAsync(TestNumber number, string question)
    {
        await number.Fake.ReceiveAsync(Person.Number(1), "Pode falar?", question);
        var asked = (await number.WaitAsync(e => e.Message?.WaId == question, Ct)).Message!;
        var note = await UploadAsync(TestFile.Ogg(), "v.ogg", "audio/ogg", ("kind", "voice"));
        return await Http.PostAsJsonAsync(
            $"/api/conversations/{asked.ConversationId}/messages",
            new
            {
                ClientMessageId = Guid.CreateVersion7(),
                AttachmentIds = new[] { note.Id },
                ReplyTo = asked.Id,
            },
            FlowChatClient.Json,
            Ct
        );
    }

    private async Task<Attachment> UploadAsync(
        byte[] bytes,
        string name,
        string type,
        params (string Name, string Value)[] fields
    )
    {
        using var answer = await TryUploadAsync(bytes, name, type, fields);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        return (await answer.Content.ReadFromJsonAsync<Attachment>(FlowChatClient.Json, Ct))!;
    }

    private async Task<HttpResponseMessage> TryUploadAsync(
        byte[] bytes,
        string name,
        string type,
        params (string Name, string Value)[] fields
    )
    {
        using var form = new MultipartFormDataContent();
        foreach (var (field, value) in fields)
            form.Add(new StringContent(value), field);
        var file = new ByteArrayContent(bytes);
        file.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        form.Add(file, "file", name);
        return await Http.PostAsync("/api/attachments", form, Ct);
    }
}
