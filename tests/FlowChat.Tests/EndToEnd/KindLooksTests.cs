using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Samples;
using static FlowChat.Tests.EndToEnd.OpenThread;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>Pictures of each kind, in and out, in both languages; axe says that everyone can read them.</summary>
public sealed class KindLooksTests(OpenThread thread) : IClassFixture<OpenThread>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory(Timeout = 240_000)]
    [InlineData("pictures")]
    [InlineData("stickers")]
    [InlineData("files")]
    [InlineData("places")]
    [InlineData("cards")]
    [InlineData("choices")]
    [InlineData("circumstances")]
    public async Task What_comes_is_seen(string group)
    {
        var agent = await thread.ShowAsync(Ana);
        foreach (var message in Incoming(group))
        {
            var bubble = await thread.ReceiveAsync(message);
            await Expect(bubble).ToBeInViewportAsync();
        }
        if (group == "circumstances")
            await ChangeAsync();
        await LookAsync(agent, $"in-{group}");
    }

    [Theory(Timeout = 240_000)]
    [InlineData("files", Sample.Photo, Sample.Video, Sample.Document)]
    [InlineData("sounds", Sample.Voice, Sample.Audio, Sample.Sticker)]
    public async Task What_goes_is_seen(string group, params string[] samples)
    {
        var agent = await thread.ShowAsync(Rui);
        foreach (var sample in samples)
            await SendAsync(agent, new { attachment_ids = new[] { await UploadAsync(sample) } });
        await LookAsync(agent, $"out-{group}");
    }

    [Fact(Timeout = 240_000)]
    public async Task What_is_no_file_is_seen_as_it_goes()
    {
        var agent = await thread.ShowAsync(Rui);
        await SendAsync(
            agent,
            new { text = "Segue o endereço: *Av. Paulista*, https://loja.example" }
        );
        await SendAsync(
            agent,
            new
            {
                location = new
                {
                    latitude = -23.5614,
                    longitude = -46.6559,
                    name = "MASP",
                    address = "Av. Paulista, 1578",
                },
            }
        );
        await LookAsync(agent, "out-place");
        await SendAsync(
            agent,
            new
            {
                contacts = new[]
                {
                    new
                    {
                        name = "Oficina do Zé",
                        phones = new[] { "+55 11 91234-5678" },
                        organization = "Oficina",
                        email = "ze@example.com",
                    },
                },
            }
        );
        await SendAsync(
            agent,
            new
            {
                poll = new
                {
                    question = "Que dia fica melhor?",
                    options = new[] { "Terça", "Quinta" },
                },
            }
        );
        await LookAsync(agent, "out-cards");
    }

    private IEnumerable<TextMessage> Incoming(string group) =>
        group switch
        {
            "pictures" =>
            [
                From(MessageKinds.Image("Olha só que bonito ficou na sala"), Sample.Photo),
                From(MessageKinds.Image(), Sample.Photo),
                From(MessageKinds.Video("A loja"), Sample.Video),
            ],
            "stickers" =>
            [
                From(MessageKinds.Sticker(), Sample.Sticker),
                From(MessageKinds.Sticker(isAnimated: true), Sample.MovingSticker),
                From(MessageKinds.VoiceNote(), Sample.Voice),
            ],
            "files" =>
            [
                From(MessageKinds.Audio(), Sample.Audio),
                From(MessageKinds.Document("Segue a proposta, com os prazos"), Sample.Document),
                From(MessageKinds.Document(), Sample.Document),
            ],
            "places" => [From(MessageKinds.Location()), From(MessageKinds.LiveLocation())],
            "cards" => [From(MessageKinds.Contact()), From(MessageKinds.Contacts())],
            "choices" =>
            [
                From(MessageKinds.Poll()),
                From(MessageKinds.Buttons()),
                From(MessageKinds.ButtonReply()),
                From(MessageKinds.ListReply()),
            ],
            _ =>
            [
                From(MessageKinds.Unknown()),
                thread.MessageOf(Ana, "Vi o anúncio") with
                {
                    ContextInfo = MessageKinds.FromAd(),
                },
                thread.MessageOf(Ana, "Ainda vale?") with
                {
                    ContextInfo = MessageKinds.Quoting(WhatsAppId.New(), Ana, "Frete grátis"),
                },
                thread.MessageOf(Ana, "Repassando") with
                {
                    ContextInfo = MessageKinds.Forwarded(),
                },
            ],
        };

    /// <summary>A text that was edited and reacted to, one that was taken back, and a call.</summary>
    private async Task ChangeAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var number = thread.Inbox.Number.Number;
        var (edited, gone) = (thread.MessageOf(Ana, "Rua 10"), thread.MessageOf(Ana, "Engano"));
        await thread.ReceiveAsync(edited);
        var taken = await thread.ReceiveAsync(gone);
        await thread.PostAsync(
            number.Envelope(
                "messages.edited",
                MessageKinds.Edit(edited.Key, "Rua das Flores, 100", now, true),
                now
            )
        );
        await thread.PostAsync(
            number.Envelope("messages.edited", MessageKinds.Revoke(gone.Key, true), now)
        );
        await thread.PostAsync(thread.MessageOf(Ana, MessageKinds.Reaction(edited.Key, "👍", now)));
        await thread.PostAsync(number.Call(Ana, "CALL9", "timeout", now));
        await Expect(taken).ToContainTextAsync("Mensagem apagada");
    }

    private TextMessage From(JsonObject message, string? sample = null) =>
        thread.MessageOf(Ana, message, sample);

    private async Task<Guid> UploadAsync(string sample)
    {
        var (type, kind) = sample switch
        {
            Sample.Photo => ("image/jpeg", null),
            Sample.Video => ("video/mp4", null),
            Sample.Document => ("application/pdf", "document"),
            Sample.Voice => ("audio/ogg", "voice"),
            Sample.Audio => ("audio/mpeg", null),
            _ => ("image/webp", "sticker"),
        };
        using var file = new ByteArrayContent(Sample.Read(sample));
        file.Headers.ContentType = new(type);
        using var form = new MultipartFormDataContent();
        if (kind is not null)
            form.Add(new StringContent(kind), "kind");
        form.Add(file, "file", sample);
        using var answer = await thread.Inbox.Client.Http.PostAsync("/api/attachments", form, Ct);
        answer.EnsureSuccessStatusCode();
        var taken = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;
        return taken["id"]!.GetValue<Guid>();
    }

    private async Task SendAsync(AgentWindow agent, object body)
    {
        var conversation = new Uri(agent.Page.Url).Segments[^1];
        var json = System.Text.Json.JsonSerializer.SerializeToNode(body)!;
        json["client_message_id"] = Guid.CreateVersion7().ToString();
        var message = await thread.Inbox.Client.PostAsync<Message>(
            $"/api/conversations/{conversation}/messages",
            json,
            Ct
        );
        await Expect(agent.Page.Locator($"[data-message-id='{message.Id}']"))
            .ToHaveAttributeAsync("data-status", "sent");
    }

    private static async Task LookAsync(AgentWindow agent, string state)
    {
        await agent.ShowAsync($"kinds-{state}");
        await agent.SpeakEnglishAsync();
        await Expect(agent.Page.Locator("[data-message-id]").Last).ToBeInViewportAsync();
        await agent.ShowAsync($"kinds-{state}-english");
        await agent.ForgetLanguageAsync();
        await agent.Page.ReloadAsync();
        await Expect(agent.Composer).ToBeVisibleAsync();
    }
}
