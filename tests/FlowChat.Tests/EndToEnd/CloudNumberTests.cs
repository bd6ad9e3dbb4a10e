using System.Text.Json.Nodes;
using FlowChat.Media.Opus;
using FlowChat.Testing.Browser;
using FlowChat.Testing.Cloud;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Samples;
using FlowChat.Tests.Media;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>A number of Meta's Cloud API as an agent meets it: signed webhooks in, the window, templates, statuses.</summary>
public sealed class CloudNumberTests(Inbox inbox) : IClassFixture<Inbox>
{
    private const string Reminder = """
        {"name":"lembrete_entrega","language":"pt_BR","status":"APPROVED","category":"UTILITY","id":"1","components":[
          {"type":"HEADER","format":"TEXT","text":"Pedido {{1}}","example":{"header_text":["42"]} },
          {"type":"BODY","text":"Olá {{1}}, sua entrega chega {{2}}.","example":{"body_text":[["Ana","hoje"]]} },
          {"type":"FOOTER","text":"Loja Centro"},
          {"type":"BUTTONS","buttons":[{"type":"URL","text":"Acompanhar","url":"https://example.com/{{1}}","example":["https://example.com/42"]}]}]}
        """;

    private const string Offer = """
        {"name":"promo_imagem","language":"pt_BR","status":"APPROVED","category":"MARKETING","id":"3","components":[
          {"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"Só hoje: tudo com 20% de desconto."}]}
        """;

    private static readonly Person Ana = new("5511987654321", "1000", "Ana Souza");
    private static readonly Person Lia = new("5511987650002", "1002", "Lia Fontes");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task What_comes_is_seen_and_answered_and_after_a_day_a_template_goes_out()
    {
        await using var meta = await FakeCloud.StartAsync();
        var number = await inbox.AddAsync(meta, "106540352242922", meta.Token);
        meta.Templates.Add(JsonNode.Parse(Reminder));
        meta.Templates.Add(JsonNode.Parse(Offer));
        meta.Receipts = ["sent", "delivered", "read"];
        await meta.HearAsync(number, Ana, CloudMessages.Text("Vocês abrem hoje?"));
        await meta.HearAsync(number, Lia, CloudMessages.Text("Obrigada!"), hoursAgo: 25);
        await using var agent = await inbox.SignInAsync();

        await agent.OpenAsync(Ana.Name);
        await agent.SeesAsync("Vocês abrem hoje?", "received");
        await meta.HearAsync(number, Ana, CloudMessages.Text("Olha esta").Forwarded());
        await meta.HearAsync(number, Ana, CloudMessages.Order(""));
        await Expect(agent.Bubble("Olha esta")).ToContainTextAsync("Encaminhada muitas vezes");
        await Expect(agent.Bubble("Mensagem não suportada")).ToContainTextAsync("order");
        await agent.WriteAsync("Abrimos das 9 às 18!");
        await agent.SeesAsync("Abrimos das 9 às 18!", "read");
        await agent.ShowAsync("cloud-thread");

        await agent.Composer.FillAsync(new string('a', 4_099));
        await Expect(agent.Page.GetByRole(AriaRole.Alert))
            .ToContainTextAsync("3 caracteres a mais");
        await Expect(agent.Button("Enviar")).ToBeDisabledAsync();
        await agent.ShowAsync("cloud-too-long");
        await agent.Composer.FillAsync("");

        await agent.OpenAsync(Lia.Name);
        await Expect(agent.Page.GetByText("só modelos", new() { Exact = false }).First)
            .ToBeVisibleAsync();
        await Expect(agent.Composer).ToHaveCountAsync(0);
        await agent.ShowAsync("cloud-window-closed");
        await ChooseAsync(agent, "lembrete_entrega");
        foreach (
            var (blank, text) in new[]
            {
                ("Título, 1", "42"),
                ("Texto, 1", "Lia"),
                ("Texto, 2", "hoje"),
                ("Botão 1", "42"),
            }
        )
            await agent.Page.GetByLabel(blank).FillAsync(text);
        await agent.ShowAsync("cloud-template");
        await agent.Button("Enviar").ClickAsync();
        await agent.SeesAsync("Olá Lia, sua entrega chega hoje.", "read");

        await ChooseAsync(agent, "promo_imagem");
        await agent
            .Page.GetByLabel("Imagem acima do texto")
            .SetInputFilesAsync(Sample.PathOf(Sample.Photo));
        await agent.Button("Enviar").ClickAsync();
        await agent.SeesAsync("Só hoje: tudo com 20% de desconto.", "read");
        await Expect(agent.Bubble("Só hoje").GetByRole(AriaRole.Img).First).ToBeVisibleAsync();
        await agent.ShowAsync("cloud-templates-sent");

        var header = meta.Sent.All[^1].Body["template"]!["components"]![0]!["parameters"]![0]!;
        Assert.Equal(
            "image/jpeg",
            meta.Files[header["image"]!["id"]!.GetValue<string>()].Uploaded!.MimeType
        );
    }

    [Fact(Timeout = 120_000)]
    public async Task A_voice_note_is_spoken_and_goes_as_meta_takes_it()
    {
        await using var meta = await FakeCloud.StartAsync();
        var number = await inbox.AddAsync(meta, "106540352242924", meta.Token);
        var rui = new Person("5511987650001", "1001", "Rui Prado");
        await meta.HearAsync(number, rui, CloudMessages.Text("Manda um áudio?"));
        await using var agent = await inbox.SignInAsync();
        await agent.OpenAsync(rui.Name);

        await agent.Button("Gravar mensagem de voz").ClickAsync();
        await Expect(agent.Page.GetByRole(AriaRole.Timer)).Not.ToHaveTextAsync("0:00");
        await agent.Button("Enviar mensagem de voz").ClickAsync();

        var sent = await meta.Sent.WaitAsync(one => one.Type == "audio", Ct);
        Assert.True(sent.Body["audio"]!["voice"]!.GetValue<bool>());
        var upload = await meta.Requests.WaitAsync(request => request.File is not null, Ct);
        Assert.Equal("audio/ogg; codecs=opus", upload.File!.MimeType);
        agent.AssertQuiet();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("chromium.webm")]
    [InlineData("ffmpeg.webm")]
    public async Task A_recording_in_ogg_plays_to_its_end_as_long_as_it_was(string recording)
    {
        Assert.SkipWhen(Chromium.ExecutablePath is null, Chromium.HowToInstall);
        using var ogg = new MemoryStream();
        await OpusRemux.WriteAsync(new MemoryStream(Recording.Read(recording)), ogg, Ct);
        await using var chromium = await Chromium.LaunchAsync();
        await using var window = await chromium.OpenAsync(inbox.FlowChat.BaseUrl);

        var played = await window.Page.EvaluateAsync<double[]>(
            """
            (base64) => new Promise((done, fail) => {
              const audio = new Audio(`data:audio/ogg;base64,${base64}`);
              audio.muted = true;
              audio.onerror = () => fail(new Error(audio.error.message));
              audio.onended = () => done([audio.duration, audio.currentTime]);
              audio.play().catch(fail);
            })
            """,
            Convert.ToBase64String(ogg.ToArray())
        );

        Assert.All(played, seconds => Assert.InRange(seconds, 2.8, 3.3));
    }

    [Fact(Timeout = 120_000)]
    public async Task An_ended_token_is_changed_with_the_keyboard_and_shown_to_nobody()
    {
        await using var meta = await FakeCloud.StartAsync();
        await inbox.AddAsync(meta, "106540352242923", "EAAold", "Loja Sul");
        await using var agent = await inbox.SignInAsync();
        var keyboard = agent.Page.Keyboard;
        var dialog = agent.Page.GetByRole(AriaRole.Dialog);
        await agent.Link("Números").PressAsync("Enter");
        var line = agent.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Loja Sul" });
        await Expect(line).ToContainTextAsync("A Meta recusou o token de acesso");

        await agent.Button("Ações de Loja Sul").PressAsync("Enter");
        var entry = agent.Page.GetByRole(
            AriaRole.Menuitem,
            new() { Name = "Trocar token de acesso" }
        );
        await Expect(entry).ToBeVisibleAsync();
        while (!await entry.EvaluateAsync<bool>("(one) => one === document.activeElement"))
            await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("Enter");
        await Expect(dialog.GetByLabel("Token de acesso")).ToBeFocusedAsync();
        await Expect(dialog.GetByLabel("Token de acesso")).ToHaveValueAsync("");
        await agent.ShowAsync("cloud-access");
        await keyboard.TypeAsync(meta.Token);
        await keyboard.PressAsync("Enter");

        await Expect(dialog).ToBeHiddenAsync();
        await Expect(line).Not.ToContainTextAsync("A Meta recusou o token de acesso");
        Assert.DoesNotContain(
            meta.Token,
            await agent.Page.ContentAsync(),
            StringComparison.Ordinal
        );
        agent.AssertQuiet();
    }

    private static async Task ChooseAsync(AgentWindow agent, string template)
    {
        await agent.Button("Escolher modelo").ClickAsync();
        await agent.Page.GetByRole(AriaRole.Radio, new() { Name = template }).CheckAsync();
        await agent.Button("Continuar").ClickAsync();
    }
}
