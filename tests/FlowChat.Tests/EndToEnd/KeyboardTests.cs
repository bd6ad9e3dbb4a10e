using System.Text.RegularExpressions;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Samples;
using Microsoft.Playwright;
using static FlowChat.Tests.EndToEnd.OpenThread;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>All of the thread and what lies over it, by keys alone: no test here touches the pointer.</summary>
public sealed partial class KeyboardTests(OpenThread thread) : IClassFixture<OpenThread>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FakeEvolution Gateway => thread.Inbox.Gateway;

    [Theory(Timeout = 120_000)]
    [InlineData("Escape")]
    [InlineData("Fechar")]
    public async Task A_picture_is_opened_walked_zoomed_and_left(string way)
    {
        var agent = await thread.ShowAsync(Ana);
        var (first, last) = ($"Antes de {way}", $"Depois de {way}");
        await thread.ReceiveAsync(thread.MessageOf(Ana, MessageKinds.Image(first), Sample.Photo));
        await thread.ReceiveAsync(thread.MessageOf(Ana, MessageKinds.Image(last), Sample.Photo));
        var picture = agent.Button($"Abrir {last}");
        var lightbox = agent.Page.GetByRole(AriaRole.Dialog, new() { Name = "Mídia da conversa" });
        var shown = lightbox.Locator("img").First;

        await agent.GoBackToAsync(picture);
        await agent.PressAsync("Enter");
        await Expect(shown).ToHaveAttributeAsync("alt", last);
        await agent.GoToAsync(agent.Button("Anterior"));
        await agent.PressAsync("Enter");
        await Expect(shown).ToHaveAttributeAsync("alt", first);
        await agent.GoToAsync(agent.Button("Próxima"));
        await agent.PressAsync("Enter");
        await Expect(shown).ToHaveAttributeAsync("alt", last);
        // Its button went with the last picture: the keys still work.
        await Expect(agent.Button("Próxima")).ToHaveCountAsync(0);
        await agent.PressAsync("ArrowLeft");
        await Expect(shown).ToHaveAttributeAsync("alt", first);
        await agent.PressAsync("ArrowRight");
        await agent.PressAsync("+");
        await Expect(agent.Button("Reduzir")).ToBeEnabledAsync();
        await agent.ShowAsync("lightbox-zoomed");
        await agent.PressAsync("0");
        await Expect(agent.Button("Reduzir")).ToBeDisabledAsync();

        if (way == "Fechar")
            await agent.GoToAsync(agent.Button(way));
        await agent.PressAsync(way == "Fechar" ? "Enter" : way);

        await Expect(lightbox).ToBeHiddenAsync();
        await Expect(picture).ToBeFocusedAsync();
    }

    [Theory(Timeout = 90_000)]
    [InlineData(Sample.Voice)]
    [InlineData(Sample.Video)]
    public async Task A_sound_and_a_video_are_played_sought_and_stopped(string sample)
    {
        var agent = await thread.ShowAsync(Ana);
        var message = sample switch
        {
            Sample.Voice => MessageKinds.VoiceNote(),
            _ => MessageKinds.Video(sample),
        };
        var bubble = await thread.ReceiveAsync(thread.MessageOf(Ana, message, sample));
        var seek = bubble.GetByRole(AriaRole.Slider);

        await agent.GoBackToAsync(Named(bubble, "Reproduzir").First);
        await agent.PressAsync("Enter");
        await Expect(Named(bubble, "Pausar")).ToBeVisibleAsync();
        // Before it is over.
        await agent.PressAsync("Enter");
        await Expect(Named(bubble, "Pausar")).ToBeHiddenAsync();
        await agent.GoToAsync(seek);
        await agent.PressAsync("Home");
        await Expect(seek).ToHaveValueAsync("0");
        await agent.PressAsync("ArrowRight");
        await Expect(seek).Not.ToHaveValueAsync("0");
        var other = bubble.GetByRole(
            AriaRole.Button,
            new() { NameRegex = sample == Sample.Video ? Sound() : Rate() }
        );
        var before = await other.GetAttributeAsync("aria-label");
        await agent.GoToAsync(other);
        await agent.PressAsync("Enter");
        await Expect(other).Not.ToHaveAttributeAsync("aria-label", before!);
        await Expect(other).ToBeFocusedAsync();
        await agent.ShowAsync($"player-{Path.GetFileNameWithoutExtension(sample)}");
    }

    [Fact(Timeout = 90_000)]
    public async Task An_emoji_is_found_by_its_name()
    {
        var agent = await thread.ShowAsync(Ana);
        var opener = agent.Button("Emojis");
        await agent.Composer.FillAsync("");
        await agent.GoToAsync(opener);

        await agent.PressAsync("Enter");
        await FindEmojiAsync(agent, "girassol");
        await agent.PressAsync("Enter");
        await Expect(agent.Composer).ToHaveValueAsync("🌻");
        await agent.ShowAsync("emoji-found");
        // The first one empties the search.
        await agent.WalkToAsync("Escape", opener);
        await agent.Composer.FillAsync("");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_message_is_answered_and_reacted_to()
    {
        var agent = await thread.ShowAsync(Ana);
        var message = thread.MessageOf(Ana, "Pode ser às nove?");
        var bubble = await thread.ReceiveAsync(message);
        var actions = Named(bubble, "Ações da mensagem");

        await agent.GoBackToAsync(actions);
        await agent.PressAsync("Enter");
        await Expect(Item(agent, "Reagir com 👍")).ToBeFocusedAsync();
        await agent.PressAsync("ArrowRight", "Enter");
        await ToldAsync(message.Id, "❤️");
        await Expect(actions).ToBeFocusedAsync();

        await agent.PressAsync("Enter", "ArrowLeft");
        await agent.WalkToAsync("ArrowRight", Item(agent, "Mais emojis"));
        await agent.PressAsync("Enter");
        await FindEmojiAsync(agent, "girassol");
        await agent.PressAsync("Enter");
        await ToldAsync(message.Id, "🌻");
        await Expect(actions).ToBeFocusedAsync();

        await agent.PressAsync("Enter");
        await agent.WalkToAsync("ArrowDown", Item(agent, "Responder"));
        await agent.PressAsync("Enter");
        await Expect(agent.Page.GetByText("Respondendo a Ana Souza")).ToBeVisibleAsync();
        await Expect(agent.Composer).ToBeFocusedAsync();
        await agent.ShowAsync("answering");
        await agent.PressAsync("Escape");
        await Expect(agent.Page.GetByText("Respondendo a Ana Souza")).ToBeHiddenAsync();
        await Expect(agent.Composer).ToBeFocusedAsync();
    }

    [Fact(Timeout = 90_000)]
    public async Task The_arrows_go_from_one_message_to_the_next()
    {
        var agent = await thread.ShowAsync(Ana);
        var first = await thread.ReceiveAsync(thread.MessageOf(Ana, "Tem azul?"));
        var second = await thread.ReceiveAsync(thread.MessageOf(Ana, "Ou verde?"));
        var third = await thread.ReceiveAsync(thread.MessageOf(Ana, "Qualquer cor serve."));

        await agent.GoBackToAsync(Named(third, "Ações da mensagem"));
        await agent.PressAsync("ArrowUp");
        await Expect(Named(second, "Ações da mensagem")).ToBeFocusedAsync();
        await agent.PressAsync("ArrowUp");
        await Expect(Named(first, "Ações da mensagem")).ToBeFocusedAsync();
        await agent.PressAsync("Enter");
        await agent.WalkToAsync("ArrowDown", Item(agent, "Responder"));
        await agent.PressAsync("Enter");

        await Expect(agent.Page.Locator("form").GetByText("Tem azul?")).ToBeVisibleAsync();
        await agent.PressAsync("Escape");
    }

    [Fact(Timeout = 120_000)]
    public async Task What_was_sent_is_edited_and_deleted()
    {
        var agent = await thread.ShowAsync(Ana);
        await agent.Page.Keyboard.TypeAsync("Chega as tres");
        await agent.PressAsync("Enter");
        await agent.SeesAsync("Chega as tres", "sent");
        var sent = await Gateway.Sent.WaitAsync(one => one.Text == "Chega as tres", Ct);
        var bubble = await thread.BubbleAsync(sent.Id);
        var actions = Named(bubble, "Ações da mensagem");

        await agent.GoBackToAsync(actions);
        await agent.PressAsync("Enter");
        await agent.WalkToAsync("ArrowDown", Item(agent, "Editar"));
        await agent.PressAsync("Enter");
        await Expect(agent.Composer).ToBeFocusedAsync();
        await agent.PressAsync("Control+A");
        await agent.Page.Keyboard.TypeAsync("Chega às três");
        await agent.PressAsync("Enter");
        await Expect(bubble).ToContainTextAsync("Chega às três");

        await agent.GoBackToAsync(actions);
        await agent.PressAsync("Enter");
        await agent.WalkToAsync("ArrowDown", Item(agent, "Apagar para todos"));
        await agent.PressAsync("Enter");
        await Expect(agent.Button("Cancelar")).ToBeFocusedAsync();
        await agent.PressAsync("Escape");
        await Expect(actions).ToBeFocusedAsync();
        await agent.PressAsync("Enter");
        await agent.WalkToAsync("ArrowDown", Item(agent, "Apagar para todos"));
        await agent.PressAsync("Enter");
        await agent.GoToAsync(agent.Button("Apagar"));
        await agent.PressAsync("Enter");
        await Expect(bubble).ToContainTextAsync("Mensagem apagada");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_file_is_chosen_left_out_chosen_again_captioned_and_sent()
    {
        var agent = await thread.ShowAsync(Ana);
        var caption = agent.Page.GetByLabel($"Legenda de {Sample.Photo}").Last;

        await ChooseAsync(agent, Sample.Photo);
        await Expect(caption).ToBeFocusedAsync();
        await agent.GoBackToAsync(agent.Button($"Remover {Sample.Photo}"));
        await agent.PressAsync("Enter");
        await Expect(agent.Composer).ToBeFocusedAsync();
        await ChooseAsync(agent, Sample.Photo);
        await Expect(caption).ToBeFocusedAsync();
        await agent.Page.Keyboard.TypeAsync("Sem mouse");
        await agent.ShowAsync("staged");
        await agent.PressAsync("Enter");

        await agent.SeesAsync("Sem mouse", "sent");
        await Expect(agent.Composer).ToBeFocusedAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_poll_is_asked()
    {
        var agent = await thread.ShowAsync(Ana);
        await agent.OpenAttachingAsync("Enquete");

        await Expect(agent.Page.GetByLabel("Pergunta")).ToBeFocusedAsync();
        await agent.Page.Keyboard.TypeAsync("Qual a cor?");
        await agent.PressAsync("Tab");
        await agent.Page.Keyboard.TypeAsync("Areia");
        await agent.PressAsync("Tab");
        await agent.Page.Keyboard.TypeAsync("Grafite");
        await agent.GoToAsync(agent.Page.GetByRole(AriaRole.Switch));
        await agent.PressAsync("Space");
        await agent.ShowAsync("poll-many");
        await agent.GoToAsync(
            agent
                .Page.GetByRole(AriaRole.Dialog)
                .GetByRole(AriaRole.Button, new() { Name = "Enviar" })
        );
        await agent.PressAsync("Enter");

        var sent = await Gateway.WaitForSendAsync(
            one => (string?)one.Body?["name"] == "Qual a cor?",
            Ct
        );
        Assert.Equal(0, sent.Body!["selectableCount"]!.GetValue<int>());
        await agent.SeesAsync("Qual a cor?", "sent");
        await Expect(agent.Button("Anexar")).ToBeFocusedAsync();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_details_are_opened_walked_and_closed(bool wide)
    {
        var agent = await thread.ShowAsync(Ana);
        await thread.ReceiveAsync(
            thread.MessageOf(Ana, MessageKinds.Image("Na galeria"), Sample.Photo)
        );
        if (!wide)
            await agent.Page.SetViewportSizeAsync(900, 900);
        var pane = agent.Page.GetByLabel("Detalhes da conversa");
        var opener = agent.Button("Detalhes");
        await agent.GoBackToAsync(opener);
        if (wide)
        {
            await agent.PressAsync("Enter");
            await Expect(pane).ToBeHiddenAsync();
        }

        await agent.PressAsync("Enter");
        await Expect(pane).ToBeVisibleAsync();
        var kinds = pane.GetByRole(AriaRole.Radio);
        await agent.GoToAsync(kinds.First);
        await agent.PressAsync("ArrowRight");
        await Expect(kinds.Nth(1)).ToBeCheckedAsync();
        await agent.PressAsync("ArrowLeft");
        var tile = pane.GetByRole(AriaRole.Button, new() { Name = "Abrir Foto" }).First;
        await agent.GoToAsync(tile);
        await agent.PressAsync("Enter");
        await Expect(agent.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await agent.PressAsync("Escape");
        await Expect(tile).ToBeFocusedAsync();
        await agent.GoBackToAsync(
            pane.GetByRole(AriaRole.Button, new() { Name = "Fechar detalhes" })
        );
        await agent.PressAsync("Enter");

        await Expect(pane).ToBeHiddenAsync();
        await Expect(opener).ToBeFocusedAsync();
        await agent.PressAsync("Enter");
    }

    private static ILocator Named(ILocator place, string name) =>
        place.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static ILocator Item(AgentWindow agent, string name) =>
        agent
            .Page.GetByRole(AriaRole.Menuitem, new() { Name = name })
            .Or(agent.Page.GetByRole(AriaRole.Menuitemradio, new() { Name = name }));

    private static async Task FindEmojiAsync(AgentWindow agent, string name)
    {
        await Expect(agent.Page.GetByLabel("Buscar emoji")).ToBeFocusedAsync();
        await agent.Page.Keyboard.TypeAsync(name);
        await Expect(agent.Page.GetByRole(AriaRole.Gridcell).First).ToHaveAccessibleNameAsync(name);
    }

    private static async Task ChooseAsync(AgentWindow agent, string sample)
    {
        var chooser = await agent.Page.RunAndWaitForFileChooserAsync(() =>
            agent.OpenAttachingAsync("Foto ou vídeo")
        );
        await chooser.SetFilesAsync(Sample.PathOf(sample));
    }

    private Task<RecordedRequest> ToldAsync(string waId, string emoji) =>
        Gateway.WaitForSendAsync(
            request =>
                request.Path.StartsWith("/message/sendReaction", StringComparison.Ordinal)
                && (string?)request.Body!["key"]!["id"] == waId
                && (string?)request.Body["reaction"] == emoji,
            Ct
        );

    [GeneratedRegex("Silenciar|Ativar o som", RegexOptions.None, 1000)]
    private static partial Regex Sound();

    [GeneratedRegex("Velocidade", RegexOptions.None, 1000)]
    private static partial Regex Rate();
}
