using System.Net;
using System.Text.Json.Nodes;
using FlowChat.Accounts;
using FlowChat.Storage;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using static FlowChat.Tests.Media.ArrivingMedia;

namespace FlowChat.Tests.Media;

/// <summary>How bytes are served, to whom, and to whom not.</summary>
public sealed class AttachmentContentTests(MediaFlowChat inbox) : IClassFixture<MediaFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Http => inbox.Server.Client.Http;

    [Fact]
    public async Task A_range_is_a_part_and_a_known_file_is_not_sent_again()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var bytes = TestFile.Mp4();
        var attachment = await ReceiveAsync(number, MessageKinds.Video(), bytes);

        using var part = await GetAsync(
            attachment,
            request => request.Headers.Range = new(100, 199)
        );
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[100..200], await part.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal(
            $"bytes 100-199/{bytes.Length}",
            part.Content.Headers.ContentRange!.ToString()
        );

        using var end = await GetAsync(
            attachment,
            request => request.Headers.Range = new(null, 10)
        );
        Assert.Equal(bytes[^10..], await end.Content.ReadAsByteArrayAsync(Ct));

        using var beyond = await GetAsync(
            attachment,
            request => request.Headers.Range = new(bytes.Length, null)
        );
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);

        var tag = part.Headers.ETag!;
        Assert.Equal($"\"{StoredFiles.HashOf(bytes)}\"", tag.Tag);
        using var known = await GetAsync(
            attachment,
            request => request.Headers.IfNoneMatch.Add(tag)
        );
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);

        using var head = await GetAsync(attachment, request => request.Method = HttpMethod.Head);
        Assert.Equal(bytes.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_picture_shows_in_its_place_and_can_do_nothing_there()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var attachment = await ReceiveAsync(number, MessageKinds.Image(), TestFile.Jpeg(seed: 21));

        using var shown = await GetAsync(attachment, _ => { });

        Assert.Equal("image/jpeg", shown.Content.Headers.ContentType!.ToString());
        Assert.Equal("inline", shown.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", Header(shown, "X-Content-Type-Options"));
        Assert.Equal("default-src 'none'; sandbox", Header(shown, "Content-Security-Policy"));
        Assert.True(shown.Headers.CacheControl!.Private);
        using var saved = await Http.GetAsync(ContentOf(attachment) + "?download=1", Ct);
        Assert.Equal("attachment", saved.Content.Headers.ContentDisposition!.DispositionType);
    }

    [Fact]
    public async Task What_could_run_is_only_ever_saved()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        (byte[] Bytes, string Said)[] files =
        [
            (TestFile.Svg(), "image/svg+xml"),
            (TestFile.Html(), "text/html"),
            (TestFile.Html(), "image/jpeg"),
            (TestFile.Pdf(), "application/pdf"),
        ];
        foreach (var (bytes, said) in files)
        {
            var message = MessageKinds.Document().Said("mimetype", said);
            message.Said("fileName", "nota \u202Efdp.exe\"ção.svg");

            using var saved = await GetAsync(await ReceiveAsync(number, message, bytes), _ => { });

            Assert.Equal("application/octet-stream", saved.Content.Headers.ContentType!.ToString());
            var disposition = saved.Content.Headers.ContentDisposition!;
            Assert.Equal("attachment", disposition.DispositionType);
            Assert.Equal("nota fdp.exeção.svg", disposition.FileNameStar);
        }
    }

    [Fact]
    public async Task What_its_sender_has_taken_back_is_served_no_more()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var bytes = TestFile.Jpeg(seed: 23);
        var id = await number.ReceiveAsync(MessageKinds.Image(), bytes);
        var attachment = await number.WaitUntilReadyAsync(id, Ct);
        string[] paths = [ContentOf(attachment), $"/api/attachments/{attachment.Id}"];
        var key = new TextMessage(number.Fake.Number, Person.Ana, "") { Id = id }.Key;

        await number.Fake.PostAsync(
            number.Fake.Number.Envelope(
                "messages.edited",
                MessageKinds.Revoke(key, byNumber: false),
                number.Now
            )
        );
        // The same picture, from somebody who stands by it.
        var again = await ReceiveAsync(number, MessageKinds.Image(), bytes);

        foreach (var path in paths)
        {
            using var gone = await Http.GetAsync(path, Ct);
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        }
        Assert.Equal(bytes, await Http.GetByteArrayAsync(ContentOf(again), Ct));
    }

    [Fact]
    public async Task Another_tenant_and_a_stranger_find_nothing()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var id = await number.ReceiveAsync(MessageKinds.Image(), TestFile.Jpeg(seed: 22));
        var message = await number.WaitForMediaAsync(id, "ready", Ct);
        var attachment = message.Attachments[0];
        var key = await CreateTenantAsync();
        using var other = new FlowChatClient(inbox.Server.BaseUrl, key);
        string[] paths =
        [
            ContentOf(attachment),
            $"/api/attachments/{attachment.Id}",
            $"/api/conversations/{message.ConversationId}/attachments",
        ];
        foreach (var path in paths)
        {
            using var found = await Http.GetAsync(path, Ct);
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
            using var hidden = await other.Http.GetAsync(path, Ct);
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
            using var nobody = new HttpClient { BaseAddress = inbox.Server.BaseUrl };
            using var refused = await nobody.GetAsync(path, Ct);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }
        using var retry = await other.Http.PostAsync(
            $"/api/attachments/{attachment.Id}/retry",
            null,
            Ct
        );
        Assert.Equal(HttpStatusCode.NotFound, retry.StatusCode);
    }

    [Fact]
    public async Task A_conversation_shows_its_media_and_documents_newest_first_page_by_page()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var sent = new List<string>();
        for (var i = 0; i < 5; i++)
            sent.Add(await number.ReceiveAsync(MessageKinds.Image(), TestFile.Jpeg(seed: 30 + i)));
        var document = await number.ReceiveAsync(MessageKinds.Document(), TestFile.Pdf());
        var last = await number.WaitForMediaAsync(document, "ready", Ct);
        foreach (var id in sent)
            await number.WaitUntilReadyAsync(id, Ct);
        var path = $"/api/conversations/{last.ConversationId}/attachments";

        var first = await PageAsync($"{path}?kind=media&limit=3");
        var second = await PageAsync($"{path}?kind=media&limit=3&cursor={first.NextCursor}");
        var documents = await PageAsync($"{path}?kind=document");

        Assert.Null(second.NextCursor);
        Assert.All(
            first.Items.Concat(second.Items),
            item => Assert.Equal("image", item.Attachment.Kind)
        );
        var thread = await number.ThreadAsync(last.ConversationId, Ct);
        Assert.Equal(
            thread
                .Where(message => message.Type == "image")
                .Select(message => message.Id)
                .Reverse(),
            first.Items.Concat(second.Items).Select(item => item.MessageId)
        );
        Assert.Equal(last.Id, Assert.Single(documents.Items).MessageId);
        Assert.Equal(6, (await PageAsync(path)).Items.Count);
    }

    private Task<Page<Shared>> PageAsync(string path) =>
        inbox.Server.Client.GetAsync<Page<Shared>>(path, Ct);

    private static async Task<Attachment> ReceiveAsync(
        TestNumber number,
        JsonObject message,
        byte[] bytes
    ) => await number.WaitUntilReadyAsync(await number.ReceiveAsync(message, bytes), Ct);

    private async Task<HttpResponseMessage> GetAsync(
        Attachment attachment,
        Action<HttpRequestMessage> change
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ContentOf(attachment));
        change(request);
        return await Http.SendAsync(request, Ct);
    }

    private async Task<string> CreateTenantAsync()
    {
        var tenant = new NewTenant("Acme", $"{Guid.CreateVersion7():N}@example.com", "Ana", "x")
        {
            ApiKey = SecretToken.Create(SecretToken.ApiKeyPrefix),
        };
        await using var connection = await inbox
            .Server.Get<Database>()
            .Migrator.OpenConnectionAsync(Ct);
        await tenant.InsertAsync(connection, Ct);
        return tenant.ApiKey;
    }

    private static string Header(HttpResponseMessage response, string name) =>
        string.Join(',', response.Headers.GetValues(name));

    private sealed record Shared(Attachment Attachment, Guid MessageId, DateTimeOffset SentAt);
}
