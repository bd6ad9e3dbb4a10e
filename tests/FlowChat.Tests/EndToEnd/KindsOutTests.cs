using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Samples;
using Microsoft.Playwright;
using static FlowChat.Tests.EndToEnd.OpenThread;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>Each kind that an agent can send: what the gateway is told, and how the bubble gets there.</summary>
public sealed class KindsOutTests(OpenThread thread) : IClassFixture<OpenThread>
{
    private const string NewestOwn = "[data-direction=out][data-message-id]";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FakeEvolution Gateway => thread.Inbox.Gateway;

    [Theory(Timeout = 90_000)]
    [InlineData(Sample.Photo, "Foto ou vídeo", "image")]
    [InlineData(Sample.Video, "Foto ou vídeo", "video")]
    [InlineData(Sample.Document, "Documento", "document")]
    public async Task A_file_is_chosen_captioned_and_sent(string sample, string entry, string kind)
    {
        var agent = await thread.ShowAsync(Ana);
        var caption = $"Segue: {sample}";

        await ChooseAsync(agent, entry, sample);
        await agent.Page.GetByLabel($"Legenda de {sample}").Last.FillAsync(caption);
        await agent.Page.Keyboard.PressAsync("Enter");

        var sent = await Gateway.Sent.WaitAsync(one => one.Text == caption, Ct);
        Assert.Equal((kind, sample), (sent.File!.Kind, sent.File.Name));
        Assert.Equal(Sha256(sample), sent.File.Sha256);
        await agent.SeesAsync(caption, "sent");
        await Expect(agent.Bubble(caption)).ToHaveAttributeAsync("data-type", kind);
        await ReportAsync(agent, sent, caption);
    }

    [Theory(Timeout = 90_000)]
    [InlineData("paste")]
    [InlineData("drop")]
    public async Task A_picture_is_pasted_or_dropped(string how)
    {
        var agent = await thread.ShowAsync(Ana);
        var target = how == "paste" ? agent.Composer : agent.Page.GetByLabel("Conversa aberta");

        await HandOverAsync(target, how, Sample.Photo);
        await agent.Page.GetByLabel($"Legenda de {Sample.Photo}").Last.FillAsync($"Por {how}");
        await agent.Page.Keyboard.PressAsync("Enter");

        var sent = await Gateway.Sent.WaitAsync(one => one.Text == $"Por {how}", Ct);
        Assert.Equal(Sha256(Sample.Photo), sent.File!.Sha256);
        await agent.SeesAsync($"Por {how}", "sent");
    }

    [Fact(Timeout = 90_000)]
    public async Task A_file_that_is_too_large_is_refused_before_it_is_sent()
    {
        var agent = await thread.ShowAsync(Ana);

        await agent
            .Page.Locator("input[data-picks=document]")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "vídeo.bin",
                    MimeType = "application/octet-stream",
                    Buffer = new byte[2_200_000],
                }
            );

        await Expect(agent.Page.GetByText("Um arquivo tem até")).ToBeVisibleAsync();
        await agent.Composer.FillAsync("Pode ser por e-mail?");
        await agent.Composer.FillAsync("");
    }

    [Fact(Timeout = 90_000)]
    public async Task A_sticker_is_made_of_a_picture()
    {
        var agent = await thread.ShowAsync(Ana);

        await ChooseAsync(agent, "Figurinha", Sample.Photo);
        await agent.Button("Enviar").ClickAsync();

        await Gateway.Sent.WaitAsync(one => one.File?.Kind == "sticker", Ct);
        await SeesNewestAsync(agent, "sticker");
    }

    [Fact(Timeout = 90_000)]
    public async Task A_voice_note_is_spoken_heard_through_and_sent()
    {
        var agent = await thread.ShowAsync(Ana);

        await agent.Button("Gravar mensagem de voz").ClickAsync();
        await Expect(agent.Page.GetByRole(AriaRole.Timer)).Not.ToHaveTextAsync("0:00");
        await agent.Button("Pausar").ClickAsync();
        await agent.ShowAsync("recording");
        await agent.Button("Continuar").ClickAsync();

        var sent = await SpeakAsync(agent);
        Assert.NotEmpty(Convert.FromBase64String(sent.Body!["audio"]!.GetValue<string>()));
        var bubble = await SeesNewestAsync(agent, "voice");
        await bubble.GetByRole(AriaRole.Button, new() { Name = "Reproduzir" }).ClickAsync();
        await Expect(bubble.GetByRole(AriaRole.Button, new() { Name = "Pausar" }))
            .ToBeVisibleAsync();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_place_is_sent_with_its_name()
    {
        var agent = await thread.ShowAsync(Ana);

        await AttachAsync(agent, "Localização");
        await agent.Page.GetByLabel("Latitude e longitude").FillAsync("-23.5613, -46.6565");
        await agent.Page.GetByLabel("Nome do lugar").FillAsync("Galpão");
        await agent.ShowAsync("send-location");
        await SendDialogAsync(agent);

        var body = (await SentAsync("sendLocation")).Body!;
        Assert.Equal(-23.5613, body["latitude"]!.GetValue<double>(), 4);
        Assert.Equal("Galpão", body["name"]!.GetValue<string>());
        await agent.SeesAsync("Galpão", "sent");
    }

    [Fact(Timeout = 90_000)]
    public async Task Contacts_are_sent_as_cards()
    {
        var agent = await thread.ShowAsync(Ana);

        await AttachAsync(agent, "Contato");
        var dialog = agent.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Nome", new() { Exact = true }).FillAsync("Oficina do Zé");
        await dialog.GetByLabel("Número com país e DDD").FillAsync("+55 11 91234-5678");
        await agent.ShowAsync("send-contact");
        await SendDialogAsync(agent);

        var card = (await SentAsync("sendContact")).Body!["contact"]![0]!;
        Assert.Equal(
            ("Oficina do Zé", "5511912345678"),
            (card["fullName"]!.GetValue<string>(), card["wuid"]!.GetValue<string>())
        );
        await agent.SeesAsync("Oficina do Zé", "sent");
    }

    [Fact(Timeout = 90_000)]
    public async Task A_poll_is_asked()
    {
        var agent = await thread.ShowAsync(Ana);

        await AttachAsync(agent, "Enquete");
        await agent.Page.GetByLabel("Pergunta").FillAsync("Que dia fica melhor?");
        await agent.Page.GetByLabel("Opção 1").FillAsync("Terça");
        await agent.Page.GetByLabel("Opção 2").FillAsync("Quinta");
        await agent.ShowAsync("send-poll");
        await SendDialogAsync(agent);

        var body = (await SentAsync("sendPoll")).Body!;
        Assert.Equal("""["Terça","Quinta"]""", body["values"]!.ToJsonString(Plain));
        Assert.Equal(1, body["selectableCount"]!.GetValue<int>());
        await agent.SeesAsync("Que dia fica melhor?", "sent");
    }

    [Fact(Timeout = 90_000)]
    public async Task An_answer_quotes_what_it_answers()
    {
        var agent = await thread.ShowAsync(Ana);
        var question = thread.MessageOf(Ana, "Tem em azul?");
        var asked = await thread.ReceiveAsync(question);

        await agent.ChooseAsync(asked, "Responder");
        await Expect(agent.Composer).ToBeFocusedAsync();
        await agent.WriteAsync("Em azul só sábado");

        var sent = await Gateway.WaitForSendAsync(one => one.Text == "Em azul só sábado", Ct);
        Assert.Equal(question.Id, sent.Body!["quoted"]!["key"]!["id"]!.GetValue<string>());
        await agent.SeesAsync("Em azul só sábado", "sent");
        await Expect(agent.Bubble("Em azul só sábado")).ToContainTextAsync("Tem em azul?");
    }

    [Fact(Timeout = 90_000)]
    public async Task A_person_of_the_group_is_mentioned()
    {
        var agent = await thread.ShowAsync(Deliveries);
        await thread.ReceiveAsync(thread.MessageOf(Lia, "Na porta", Deliveries));

        await agent.Composer.PressSequentiallyAsync("Obrigado, @lia");
        await Expect(agent.Page.GetByRole(AriaRole.Option).First).ToContainTextAsync(Lia.Name);
        await agent.ShowAsync("mention");
        await agent.Page.Keyboard.PressAsync("Enter");
        await agent.Page.Keyboard.PressAsync("Enter");

        var sent = await Gateway.WaitForSendAsync(
            one => one.Text?.StartsWith("Obrigado, @", StringComparison.Ordinal) == true,
            Ct
        );
        Assert.Equal(
            [Lia.PhoneJid],
            sent.Body!["mentioned"]!.AsArray().Select(jid => (string)jid!)
        );
        await agent.SeesAsync($"Obrigado, @{Lia.Name}", "sent");
    }

    [Fact(Timeout = 90_000)]
    public async Task Somebody_whose_phone_is_hidden_is_mentioned_too()
    {
        var agent = await thread.ShowAsync(Deliveries);
        var hidden = new Person("", "184467231056799", "Vera Nunes");
        var metadata = thread.Inbox.Number.Groups[Deliveries.Jid];
        metadata["participants"]!.AsArray().Add(new JsonObject { ["id"] = hidden.LidJid });
        await thread.PostAsync(
            thread.Inbox.Number.Number.GroupsUpsert(metadata, TimeProvider.System.GetUtcNow())
        );
        await thread.ReceiveAsync(
            thread.MessageOf(hidden, "Estou na portaria", Deliveries) with
            {
                Form = new() { Address = AddressForm.LidOnly },
            }
        );

        await agent.Composer.PressSequentiallyAsync("Pode subir, @ver");
        await Expect(agent.Page.GetByRole(AriaRole.Option).First)
            .ToContainTextAsync("Telefone oculto");
        await agent.ShowAsync("mention-hidden");
        await agent.Page.Keyboard.PressAsync("Enter");
        await agent.Page.Keyboard.PressAsync("Enter");

        var sent = await Gateway.WaitForSendAsync(
            one => one.Text == "Pode subir, @184467231056799",
            Ct
        );
        Assert.Equal(
            ["184467231056799@lid"],
            sent.Body!["mentioned"]!.AsArray().Select(jid => (string)jid!)
        );
        await agent.SeesAsync("Pode subir, @Vera Nunes", "sent");
    }

    [Fact(Timeout = 90_000)]
    public async Task A_voice_note_that_answers_says_that_it_goes_without_the_quote()
    {
        var agent = await thread.ShowAsync(Ana);
        var asked = await thread.ReceiveAsync(thread.MessageOf(Ana, "Me conta por áudio?"));
        await agent.ChooseAsync(asked, "Responder");

        await agent.Button("Gravar mensagem de voz").ClickAsync();
        await Expect(agent.Page.GetByText("vai sem a citação")).ToBeVisibleAsync();
        await Expect(agent.Page.GetByRole(AriaRole.Timer)).Not.ToHaveTextAsync("0:00");
        await agent.ShowAsync("recording-unquoted");

        var sent = await SpeakAsync(agent);
        Assert.Null(sent.Body!["quoted"]);
        var bubble = await SeesNewestAsync(agent, "voice");
        await Expect(bubble).Not.ToContainTextAsync("Me conta por áudio?");
    }

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string Sha256(string sample) =>
        Convert.ToHexStringLower(SHA256.HashData(Sample.Read(sample)));

    private static async Task ChooseAsync(AgentWindow agent, string entry, string sample)
    {
        var chooser = await agent.Page.RunAndWaitForFileChooserAsync(() =>
            AttachAsync(agent, entry)
        );
        await chooser.SetFilesAsync(Sample.PathOf(sample));
    }

    private static async Task AttachAsync(AgentWindow agent, string entry)
    {
        await agent.Button("Anexar").ClickAsync();
        await agent.Page.GetByRole(AriaRole.Menuitem, new() { Name = entry }).ClickAsync();
    }

    private static Task SendDialogAsync(AgentWindow agent) =>
        agent
            .Page.GetByRole(AriaRole.Dialog)
            .GetByRole(AriaRole.Button, new() { Name = "Enviar" })
            .ClickAsync();

    private static async Task HandOverAsync(ILocator target, string how, string sample) =>
        await target.EvaluateAsync(
            """
            (target, [how, name, base64]) => {
              const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
              const data = new DataTransfer();
              data.items.add(new File([bytes], name, { type: "image/jpeg" }));
              if (how === "paste")
                target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
              else
                for (const type of ["dragover", "drop"])
                  target.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
            }
            """,
            new object[] { how, sample, Convert.ToBase64String(Sample.Read(sample)) }
        );

    /// <summary>Sends what was recorded; the gateway's request of it, not of a note before it.</summary>
    private async Task<RecordedRequest> SpeakAsync(AgentWindow agent)
    {
        var before = Gateway.Requests.All.Count(IsVoice);
        await agent.Button("Enviar mensagem de voz").ClickAsync();
        return (await Gateway.Requests.WaitAsync(before + 1, IsVoice, Ct))[^1];

        static bool IsVoice(RecordedRequest request) =>
            request.Path.StartsWith("/message/sendWhatsAppAudio", StringComparison.Ordinal);
    }

    /// <summary>The last bubble of ours, once it is sent: of what the gateway was told of already.</summary>
    private static async Task<ILocator> SeesNewestAsync(AgentWindow agent, string kind)
    {
        var bubble = agent.Page.Locator(NewestOwn).Last;
        await Expect(bubble).ToHaveAttributeAsync("data-type", kind);
        await Expect(bubble).ToHaveAttributeAsync("data-status", "sent");
        return bubble;
    }

    private async Task ReportAsync(AgentWindow agent, SentMessage sent, string text)
    {
        foreach (
            var (receipt, status) in ((string, string)[])
                [(WhatsAppStatus.DeliveryAck, "delivered"), (WhatsAppStatus.Read, "read")]
        )
        {
            await thread.Inbox.Number.ReportAsync(sent, receipt);
            await agent.SeesAsync(text, status);
        }
    }

    private Task<RecordedRequest> SentAsync(string operation) =>
        Gateway.WaitForSendAsync(
            request => request.Path.StartsWith($"/message/{operation}/", StringComparison.Ordinal),
            Ct
        );
}
