using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Samples;
using Microsoft.Playwright;
using static FlowChat.Tests.EndToEnd.OpenThread;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What was exchanged with somebody, in the details beside the thread.</summary>
public sealed class GalleryTests(OpenThread thread) : IClassFixture<OpenThread>
{
    private const string Link = "https://loja.example/lumi";

    [Fact(Timeout = 240_000)]
    public async Task Files_of_both_sides_are_sorted_by_kind_and_seen_in_both_languages()
    {
        var agent = await ExchangeAsync(Ana);
        var pane = await OpenOnPhoneAsync(agent, "Detalhes");

        await Expect(Tiles(pane)).ToHaveCountAsync(4);
        await agent.ShowAsync("gallery-media");
        await ChooseAsync(pane, "Documentos");
        await Expect(Cards(pane)).ToHaveCountAsync(3);
        await agent.ShowAsync("gallery-documents");
        await ChooseAsync(pane, "Links");
        await Expect(pane.GetByRole(AriaRole.Link)).ToHaveTextAsync(["loja.example/lumi"]);
        await agent.ShowAsync("gallery-links");

        // From here on the server says what there is, and says the same.
        await agent.SpeakEnglishAsync();
        pane = await OpenOnPhoneAsync(agent, "Details");
        await Expect(Tiles(pane)).ToHaveCountAsync(4);
        await agent.ShowAsync("gallery-media-english");
        await ChooseAsync(pane, "Documents");
        await Expect(Cards(pane)).ToHaveCountAsync(3);
        await agent.ShowAsync("gallery-documents-english");
        await ChooseAsync(pane, "Links");
        await agent.ShowAsync("gallery-links-english");
    }

    [Theory(Timeout = 180_000)]
    [InlineData(1440, 900)]
    [InlineData(390, 844)]
    public async Task A_picture_opens_large_and_Escape_gives_the_gallery_back(int width, int height)
    {
        var agent = await ExchangeAsync(Rui);
        var pane = await OpenAsync(agent, width, height);
        var count = await Tiles(pane).CountAsync();
        var tile = Tiles(pane).First;
        var lightbox = agent.Page.GetByRole(AriaRole.Dialog, new() { Name = "Mídia da conversa" });

        await tile.ClickAsync();
        await Expect(lightbox).ToContainTextAsync($"1 de {count}");
        await agent.Window.ScreenshotAsync($"gallery-lightbox-{width}x{height}-light");
        // A video first: its large button goes once it plays, and the keys still work.
        await lightbox.GetByRole(AriaRole.Button, new() { Name = "Reproduzir" }).ClickAsync();
        await Expect(lightbox.GetByRole(AriaRole.Slider)).ToBeVisibleAsync();
        await agent.PressAsync("ArrowLeft");
        await Expect(lightbox).ToContainTextAsync($"1 de {count}");
        for (var nth = 2; nth <= count; nth++)
        {
            await agent.PressAsync("ArrowRight");
            await Expect(lightbox).ToContainTextAsync($"{nth} de {count}");
        }
        await agent.PressAsync("ArrowRight", "ArrowLeft");
        await Expect(lightbox).ToContainTextAsync($"{count - 1} de {count}");
        await agent.PressAsync("Escape");

        await Expect(lightbox).ToHaveCountAsync(0);
        await Expect(tile).ToBeFocusedAsync();
        await ChooseAsync(pane, "Documentos");
        await Expect(Cards(pane).First).ToBeVisibleAsync();
        agent.AssertQuiet();
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_taken_back_leaves_it_and_what_comes_is_first()
    {
        var agent = await thread.ShowAsync(Lia);
        var gone = thread.MessageOf(Lia, MessageKinds.Image("Engano"), Sample.Photo);
        await thread.ReceiveAsync(gone);
        await thread.ReceiveAsync(thread.MessageOf(Lia, MessageKinds.Video(), Sample.Video));
        await agent.Page.ReloadAsync();
        var pane = agent.Page.GetByLabel("Detalhes da conversa");
        await Expect(Tiles(pane)).ToHaveCountAsync(2);

        await thread.PostAsync(
            thread.Inbox.Number.Number.Envelope(
                "messages.edited",
                MessageKinds.Revoke(gone.Key, true),
                TimeProvider.System.GetUtcNow()
            )
        );

        await Expect(Tiles(pane)).ToHaveCountAsync(1);
        await thread.ReceiveAsync(thread.MessageOf(Lia, MessageKinds.Image(), Sample.Photo));
        await Expect(Tiles(pane)).ToHaveCountAsync(2);
        await Expect(Tiles(pane).First.Locator("img")).ToBeVisibleAsync();
        agent.AssertQuiet();
    }

    private static ILocator Tiles(ILocator pane) =>
        pane.Locator("ul button:has(img), ul button:has(video)");

    private static ILocator Cards(ILocator pane) => pane.Locator("ul a[download]");

    private static Task ChooseAsync(ILocator pane, string kind) =>
        pane.GetByRole(AriaRole.Radio, new() { Name = kind }).ClickAsync();

    private static Task<ILocator> OpenOnPhoneAsync(AgentWindow agent, string button) =>
        OpenAsync(agent, 390, 844, button);

    /// <summary>The details: beside the thread at a desk, over it in a hand.</summary>
    private static async Task<ILocator> OpenAsync(
        AgentWindow agent,
        int width,
        int height,
        string button = "Detalhes"
    )
    {
        await agent.Page.SetViewportSizeAsync(width, height);
        var toggle = agent.Button(button);
        if (await toggle.GetAttributeAsync("aria-expanded") == "false")
            await toggle.ClickAsync();
        await Expect(agent.Page.Locator("#details")).ToBeVisibleAsync();
        return agent.Page.Locator("#details");
    }

    /// <summary>Two pictures, two videos, three documents, what is heard, and a link; some of them ours.</summary>
    private async Task<AgentWindow> ExchangeAsync(Person person)
    {
        var agent = await thread.ShowAsync(person);
        foreach (
            var (message, sample) in ((JsonObject, string)[])
                [
                    (MessageKinds.Image("A sala"), Sample.Photo),
                    (MessageKinds.Video(), Sample.Video),
                    (MessageKinds.VoiceNote(), Sample.Voice),
                    (MessageKinds.Audio(), Sample.Audio),
                    (MessageKinds.Document("Segue"), Sample.Document),
                ]
        )
            await thread.ReceiveAsync(thread.MessageOf(person, message, sample));
        await thread.ReceiveAsync(thread.MessageOf(person, $"É este: {Link}"));
        await SendAsync(agent, "seen", Sample.Photo);
        await SendAsync(agent, "seen", Sample.Video);
        await SendAsync(agent, "document", Sample.Document);
        return agent;
    }

    private static async Task SendAsync(AgentWindow agent, string picks, string sample)
    {
        await agent
            .Page.Locator($"input[data-picks={picks}]")
            .SetInputFilesAsync(Sample.PathOf(sample));
        await agent.Page.GetByLabel($"Legenda de {sample}").Last.FillAsync($"Nosso {sample}");
        await agent.Page.Keyboard.PressAsync("Enter");
        await Expect(agent.Bubble($"Nosso {sample}").Last)
            .ToHaveAttributeAsync("data-status", "sent");
    }
}
