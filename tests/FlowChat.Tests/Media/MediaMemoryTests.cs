using System.Net.Http.Headers;
using System.Net.Http.Json;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Media;

/// <summary>In a process of its own: in this one every test beside it would count.</summary>
public sealed class MediaMemoryTests(SharedPostgres postgres)
{
    private const string ApiKey = "fck_tests_0123456789abcdef";
    private const int Size = 100_000_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task A_file_of_100_MB_goes_in_and_out_and_takes_no_memory()
    {
        var data = Directory.CreateTempSubdirectory("flowchat-test-");
        await using var flowChat = await FlowChatProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["DATABASE_URL"] = await postgres.CreateDatabaseAsync(),
                ["FLOWCHAT_DATA"] = data.FullName,
                ["FLOWCHAT_ADMIN_API_KEY"] = ApiKey,
            },
            Ct,
            "serve"
        );
        using var client = new FlowChatClient(flowChat.BaseUrl, ApiKey);
        await using var gateway = await FakeEvolution.StartAsync();
        var number = gateway.AddInstance("loja");
        var instance = await client.CreateEvolutionInstanceAsync(
            "Loja",
            gateway.BaseUrl,
            gateway.ApiKey,
            "loja",
            Ct
        );
        number.Webhook = WebhookTarget.WithSecret(instance.WebhookUrl!, instance.WebhookSecret!);
        var bytes = TestFile.Mp4(Size);
        await RoundAsync(client, gateway, number, TestFile.Mp4(1_000_000));
        var idle = flowChat.PeakMegabytes;

        await RoundAsync(client, gateway, number, bytes);

        var grown = flowChat.PeakMegabytes - idle;
        TestContext.Current.SendDiagnosticMessage($"Peak grew by {grown} MB from {idle} MB.");
        Assert.InRange(grown, 0, 40);
        data.Delete(recursive: true);
    }

    /// <summary>In by the gateway, down to a browser, up from one and out to the gateway.</summary>
    private static async Task RoundAsync(
        FlowChatClient client,
        FakeEvolution gateway,
        FakeInstance number,
        byte[] bytes
    )
    {
        var id = WhatsAppId.New();
        gateway.Media[id] = new("video/mp4", bytes);
        await number.PostAsync(
            new TextMessage(number.Number, Person.Ana, "")
            {
                Id = id,
                Message = MessageKinds.Video(),
                SentAt = TimeProvider.System.GetUtcNow(),
            }.ToEnvelope()
        );
        var message = await WaitAsync(
            client,
            live => live.WaId == id && live.Attachments is [{ State: "ready" }]
        );
        Assert.Equal(
            bytes,
            await client.Http.GetByteArrayAsync(ArrivingMedia.ContentOf(message.Attachments[0]), Ct)
        );

        using var form = new MultipartFormDataContent();
        var file = new ByteArrayContent(bytes);
        file.Headers.ContentType = new MediaTypeHeaderValue("video/mp4");
        form.Add(file, "file", "video.mp4");
        using var uploaded = await client.Http.PostAsync("/api/attachments", form, Ct);
        var attachment = await uploaded.Content.ReadFromJsonAsync<Attachment>(
            FlowChatClient.Json,
            Ct
        );
        var sent = await client.PostAsync<Message>(
            $"/api/conversations/{message.ConversationId}/messages",
            new { ClientMessageId = id, AttachmentIds = new[] { attachment!.Id } },
            Ct
        );
        var end = await WaitAsync(
            client,
            live => live.Id == sent.Id && live.Status is not ("queued" or "sending")
        );
        Assert.Equal("sent", end.Status);
        Assert.Equal(StoredFiles.HashOf(bytes), gateway.Sent.All[^1].File!.Sha256);
    }

    private static async Task<Message> WaitAsync(FlowChatClient client, Func<Message, bool> matches)
    {
        await foreach (var live in client.LiveAsync(0, Ct))
        {
            if (live.Message is { } message && matches(message))
                return message;
        }
        throw new InvalidOperationException("The live stream ended.");
    }
}
