using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Samples;
using Microsoft.Playwright;
using static FlowChat.Tests.EndToEnd.OpenThread;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>Each kind of message comes into the open thread as it arrives, and into the list.</summary>
public sealed class KindsInTests(OpenThread thread) : IClassFixture<OpenThread>
{
    /// <summary>Type, the gateway's object, its file, what the bubble says, what the list says.</summary>
    public static TheoryData<string, string, string?, string, string> Kinds =>
        new()
        {
            Row("image", MessageKinds.Image("Olha só"), Sample.Photo, "Olha só", "Olha só"),
            Row("image", MessageKinds.Image(), Sample.Photo, "", "Foto"),
            Row("video", MessageKinds.Video("A loja"), Sample.Video, "A loja", "A loja"),
            Row("audio", MessageKinds.Audio(), Sample.Audio, "3:20", "Áudio 3:20"),
            Row("voice", MessageKinds.VoiceNote(), Sample.Voice, "0:12", "Mensagem de voz 0:12"),
            Row(
                "document",
                MessageKinds.Document("Segue"),
                Sample.Document,
                "Proposta 2026.pdf",
                "Segue"
            ),
            Row("sticker", MessageKinds.Sticker(), Sample.Sticker, "", "Figurinha"),
            Row(
                "sticker",
                MessageKinds.Sticker(isAnimated: true),
                Sample.MovingSticker,
                "",
                "Figurinha"
            ),
            Row("location", MessageKinds.Location(), null, "Av. Paulista", "Localização: MASP"),
            Row("live_location", MessageKinds.LiveLocation(), null, "A caminho", "A caminho"),
            Row("contacts", MessageKinds.Contact(), null, "Loja Aurora", "Bruno Carvalho"),
            Row("contacts", MessageKinds.Contacts(), null, "Ana Ribeiro", "Contatos"),
            Row("poll", MessageKinds.Poll(), null, "Nenhum voto", "Enquete: O que vamos beber?"),
            Row("interactive", MessageKinds.Buttons(), null, "Loja Aurora", "Confirma o pedido?"),
            Row(
                "interactive",
                MessageKinds.Buttons().WithHeader(MessageKinds.Image()),
                Sample.Photo,
                "Sim",
                "Confirma o pedido?"
            ),
            Row(
                "choice",
                InteractiveKinds.FlowReply("""{"flow_token":"t-1","nome":"Rita Alves"}"""),
                null,
                "Rita Alves",
                "Sent"
            ),
            Row(
                "unsupported",
                InteractiveKinds.Carousel(),
                null,
                "Novidades",
                "Mensagem não suportada"
            ),
            Row("choice", MessageKinds.ButtonReply(), null, "Escolheu", "Sim"),
            Row("choice", MessageKinds.ListReply(), null, "Até as 12 h", "Entrega amanhã"),
            Row(
                "unsupported",
                MessageKinds.Unknown(),
                null,
                "Tipo orderMessage",
                "Mensagem não suportada"
            ),
        };

    public static TheoryData<TextForm> Wrappers =>
        [TextForm.Ephemeral, TextForm.ViewOnce, TextForm.ViewOnceV2, TextForm.SenderKeyBeside];

    [Theory(Timeout = 90_000)]
    [MemberData(nameof(Kinds))]
    public async Task A_kind_is_shown_as_what_it_is(
        string type,
        string message,
        string? sample,
        string says,
        string preview
    )
    {
        var agent = await thread.ShowAsync(Ana);

        var bubble = await thread.ReceiveAsync(
            thread.MessageOf(Ana, JsonNode.Parse(message)!.AsObject(), sample)
        );

        await Expect(bubble).ToBeInViewportAsync();
        await Expect(bubble).ToHaveAttributeAsync("data-type", type);
        await Expect(bubble).ToContainTextAsync(says);
        await Expect(agent.Row(Ana.Name)).ToContainTextAsync(preview);
        if (type is "sticker" || sample == Sample.Photo)
            await Expect(bubble.Locator("img")).ToHaveJSPropertyAsync("complete", true);
        agent.AssertQuiet();
    }

    [Theory(Timeout = 90_000)]
    [MemberData(nameof(Wrappers))]
    public async Task Words_are_read_through_their_wrappers(TextForm form)
    {
        var agent = await thread.ShowAsync(Ana);
        var text = $"Dentro de {form}";

        var bubble = await thread.ReceiveAsync(
            thread.MessageOf(Ana, text) with
            {
                Form = new MessageForm { Text = form },
            }
        );

        await Expect(bubble).ToContainTextAsync(text);
        await Expect(agent.Row(Ana.Name)).ToContainTextAsync(text);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_picture_opens_large_and_closes_again()
    {
        var agent = await thread.ShowAsync(Ana);
        var bubble = await thread.ReceiveAsync(
            thread.MessageOf(Ana, MessageKinds.Image("De perto"), Sample.Photo)
        );

        await bubble.GetByRole(AriaRole.Button, new() { Name = "Abrir De perto" }).ClickAsync();
        var lightbox = agent.Page.GetByRole(AriaRole.Dialog, new() { Name = "Mídia da conversa" });
        await Expect(lightbox.Locator("img").First).ToBeInViewportAsync();
        await agent.ShowAsync("lightbox");
        await agent.Page.Keyboard.PressAsync("Escape");

        await Expect(lightbox).ToBeHiddenAsync();
    }

    [Theory(Timeout = 90_000)]
    [InlineData(Sample.Voice)]
    [InlineData(Sample.Audio)]
    [InlineData(Sample.Video)]
    public async Task What_can_be_played_plays(string sample)
    {
        await thread.ShowAsync(Ana);
        var message = sample switch
        {
            Sample.Voice => MessageKinds.VoiceNote(),
            Sample.Audio => MessageKinds.Audio(),
            _ => MessageKinds.Video(),
        };
        var bubble = await thread.ReceiveAsync(thread.MessageOf(Ana, message, sample));

        await bubble.GetByRole(AriaRole.Button, new() { Name = "Reproduzir" }).ClickAsync();

        await Expect(bubble.GetByRole(AriaRole.Button, new() { Name = "Pausar" }))
            .ToBeVisibleAsync();
        await bubble.GetByRole(AriaRole.Button, new() { Name = "Pausar" }).ClickAsync();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_medium_that_is_not_to_be_had_says_so_and_comes_when_asked_again()
    {
        await thread.ShowAsync(Ana);
        var message = thread.MessageOf(Ana, MessageKinds.Image("Sem arquivo"));
        thread.Inbox.Gateway.Media[message.Id] = new("image/jpeg", new byte[2_200_000]);
        var bubble = await thread.ReceiveAsync(message);
        await Expect(bubble).ToContainTextAsync("Indisponível");
        await Expect(bubble).ToContainTextAsync("É maior do que este servidor aceita.");

        thread.Inbox.Gateway.Media[message.Id] = new("image/jpeg", Sample.Read(Sample.Photo));
        await bubble.GetByRole(AriaRole.Button, new() { Name = "Tentar de novo" }).ClickAsync();

        await Expect(bubble.Locator("img")).ToBeVisibleAsync();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_picture_that_cannot_be_drawn_can_still_be_downloaded()
    {
        await thread.ShowAsync(Ana);
        var message = thread.MessageOf(Ana, MessageKinds.Image());
        thread.Inbox.Gateway.Media[message.Id] = new("image/jpeg", "<html>"u8.ToArray());

        var bubble = await thread.ReceiveAsync(message);

        await Expect(bubble).ToContainTextAsync("Não dá para mostrar");
        await Expect(bubble.GetByRole(AriaRole.Link, new() { Name = "Baixar" })).ToBeVisibleAsync();
    }

    [Fact(Timeout = 90_000)]
    public async Task An_ad_tells_where_somebody_came_from()
    {
        await thread.ShowAsync(Ana);

        var bubble = await thread.ReceiveAsync(
            thread.MessageOf(Ana, "Vi o anúncio") with
            {
                ContextInfo = MessageKinds.FromAd(),
            }
        );

        await Expect(bubble).ToContainTextAsync("Promoção de novembro");
        await Expect(bubble.GetByRole(AriaRole.Link, new() { Name = "Ver o anúncio" }))
            .ToHaveAttributeAsync("href", "https://fb.me/3xAmple");
    }

    [Fact(Timeout = 90_000)]
    public async Task A_quote_leads_to_what_it_answers_where_we_have_it()
    {
        var agent = await thread.ShowAsync(Ana);
        var question = thread.MessageOf(Ana, "Abre no sábado?");
        var asked = await thread.ReceiveAsync(question);
        for (var n = 0; n < 30; n++)
            await thread.PostAsync(thread.MessageOf(Ana, $"E mais esta, {n}"));
        var answer = await AnsweredAsync("Abre sim", question.Id, "Abre no sábado?");
        await Expect(asked).Not.ToBeInViewportAsync();

        await answer.GetByRole(AriaRole.Button, new() { Name = "Ir para a mensagem" }).ClickAsync();

        await Expect(asked).ToBeInViewportAsync();
        await agent.Button("Ir para o fim").ClickAsync();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_quote_of_what_we_never_had_still_says_it()
    {
        await thread.ShowAsync(Ana);

        var bubble = await AnsweredAsync("Ainda vale?", WhatsAppId.New(), "Frete grátis em maio");

        await Expect(bubble).ToContainTextAsync("Frete grátis em maio");
        await Expect(bubble.GetByRole(AriaRole.Button, new() { Name = "Ir para a mensagem" }))
            .ToHaveCountAsync(0);
    }

    [Fact(Timeout = 90_000)]
    public async Task An_edit_shows_and_keeps_what_was_said_before()
    {
        var agent = await thread.ShowAsync(Ana);
        var message = thread.MessageOf(Ana, "Rua das Flores, 10");
        var bubble = await thread.ReceiveAsync(message);

        await thread.PostAsync(
            Told(MessageKinds.Edit(message.Key, "Rua das Flores, 100", Now, true))
        );

        await Expect(bubble).ToContainTextAsync("Rua das Flores, 100");
        await Expect(agent.Row(Ana.Name)).ToContainTextAsync("Rua das Flores, 100");
        await bubble.GetByRole(AriaRole.Button, new() { Name = "editada" }).ClickAsync();
        var history = agent.Page.GetByLabel("O que dizia antes");
        await Expect(history.GetByText("Rua das Flores, 10", new() { Exact = true }))
            .ToBeVisibleAsync();
        await agent.ShowAsync("edit-history");
        await agent.Page.Keyboard.PressAsync("Escape");
        await Expect(history).ToBeHiddenAsync();
    }

    [Theory(Timeout = 90_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_taken_back_is_gone(bool byNumber)
    {
        var agent = await thread.ShowAsync(Ana);
        var message = thread.MessageOf(Ana, "Não era para você");
        var bubble = await thread.ReceiveAsync(message);

        await thread.PostAsync(Told(MessageKinds.Revoke(message.Key, byNumber)));

        await Expect(bubble).ToContainTextAsync("Mensagem apagada");
        await Expect(bubble).Not.ToContainTextAsync("Não era para você");
        await Expect(agent.Row(Ana.Name)).ToContainTextAsync("Mensagem apagada");
    }

    [Fact(Timeout = 90_000)]
    public async Task A_call_is_a_line_of_the_thread()
    {
        var agent = await thread.ShowAsync(Rui);
        var number = thread.Inbox.Number.Number;

        await thread.PostAsync(number.Call(Rui, "CALL1", "offer", Now));
        await Expect(agent.Page.GetByText("Chamada de voz recebida").Last).ToBeVisibleAsync();
        await thread.PostAsync(number.Call(Rui, "CALL1", "timeout", Now.AddSeconds(40)));
        await Expect(agent.Page.GetByText("Chamada de voz perdida").Last).ToBeVisibleAsync();
        await Expect(agent.Row(Rui.Name)).ToContainTextAsync("Chamada de voz perdida");
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private async Task<ILocator> AnsweredAsync(string text, string waId, string quoted) =>
        await thread.ReceiveAsync(
            thread.MessageOf(Ana, text) with
            {
                ContextInfo = MessageKinds.Quoting(waId, Ana, quoted),
            }
        );

    private JsonObject Told(JsonObject edited) =>
        thread.Inbox.Number.Number.Envelope("messages.edited", edited, Now);

    private static TheoryDataRow<string, string, string?, string, string> Row(
        string type,
        JsonObject message,
        string? sample,
        string says,
        string preview
    ) => new(type, message.ToJsonString(), sample, says, preview);
}
