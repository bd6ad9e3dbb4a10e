using System.Net.Http.Json;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>The main job on real input: from a customer's phone into a real browser and back.</summary>
public sealed class InboxTests(Inbox inbox) : IClassFixture<Inbox>
{
    private static int people = 100;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 90_000)]
    public async Task A_message_appears_its_answer_leaves_and_the_ticks_turn()
    {
        var ana = Somebody("Ana Ribeiro");
        await using var agent = await inbox.SignInAsync();
        await inbox.Number.ReceiveAsync(ana, "Bom dia! O sofá da vitrine ainda está à venda?");
        await agent.OpenAsync(ana.Name);
        await agent.Page.EvaluateAsync("window.neverReloaded = true");

        await inbox.Number.ReceiveAsync(ana, "É para hoje");
        await agent.SeesAsync("É para hoje", "received");
        await agent.WriteAsync("Está sim, Ana.");

        var request = await inbox.Gateway.WaitForSendAsync(r => r.Number == ana.PhoneJid, Ct);
        Assert.Equal(
            ("POST", "/message/sendText/loja", inbox.Gateway.ApiKey, "Está sim, Ana."),
            (request.Method, request.Path, request.Headers["apikey"], request.Text)
        );
        await agent.SeesAsync("Está sim, Ana.", "sent");
        var sent = await inbox.Gateway.Sent.WaitAsync(s => s.RemoteJid == ana.PhoneJid, Ct);
        await inbox.Number.ReportAsync(sent, WhatsAppStatus.DeliveryAck);
        await agent.SeesAsync("Está sim, Ana.", "delivered");
        await inbox.Number.ReportAsync(sent, WhatsAppStatus.Read);
        await agent.SeesAsync("Está sim, Ana.", "read");
        await Expect(
                agent.Bubble("Está sim, Ana.").GetByRole(AriaRole.Img, new() { Name = "Lida" })
            )
            .ToBeVisibleAsync();
        Assert.True(await agent.Page.EvaluateAsync<bool>("window.neverReloaded"));
        agent.AssertQuiet();
    }

    [Fact(Timeout = 90_000)]
    public async Task What_is_unread_is_counted_in_its_row_and_in_the_title_until_it_is_opened()
    {
        var rui = Somebody("Rui Prado");
        await using var agent = await inbox.SignInAsync();
        var before = (await inbox.Client.ConversationsAsync(Ct)).Items.Count(one =>
            one.UnreadCount > 0
        );

        await inbox.Number.ReceiveAsync(rui, "Oi");
        await inbox.Number.ReceiveAsync(rui, "Alguém aí?");

        await Expect(agent.Row(rui.Name)).ToContainTextAsync("2 mensagens não lidas");
        await Expect(agent.Page).ToHaveTitleAsync($"({before + 1}) FlowChat");
        await agent.OpenAsync(rui.Name);
        await Expect(agent.Row(rui.Name)).Not.ToContainTextAsync("não lida");
        await Expect(agent.Page)
            .ToHaveTitleAsync(before == 0 ? "FlowChat" : $"({before}) FlowChat");
        agent.AssertQuiet();
    }

    [Fact(Timeout = 90_000)]
    public async Task In_a_group_each_speaker_is_named()
    {
        var (joao, lia) = (Somebody("João Motta"), Somebody("Lia Nunes"));
        var group = new Group("120363025246120001@g.us", "Entregas Zona Sul");
        await using var agent = await inbox.SignInAsync();
        await ReceiveInGroupAsync(group, joao, "Saiu para entrega");
        await ReceiveInGroupAsync(group, lia, "Combinado");

        await agent.Row("Lia: Combinado").ClickAsync();

        await Expect(agent.Bubble("Saiu para entrega")).ToContainTextAsync(joao.Name);
        await Expect(agent.Bubble("Combinado")).ToContainTextAsync(lia.Name);
        agent.AssertQuiet();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_search_finds_by_name_and_by_number()
    {
        var clara = Somebody("Clara Wüst");
        await inbox.Number.ReceiveAsync(clara, "Boa tarde");
        await using var agent = await inbox.SignInAsync();

        foreach (var query in (string[])["clara w", clara.Phone[^8..]])
        {
            await agent.SearchBox.FillAsync(query);
            await Expect(agent.Rows).ToHaveCountAsync(1);
            await Expect(agent.Row(clara.Name)).ToBeVisibleAsync();
        }
        await agent.SearchBox.FillAsync("ninguém com este nome");
        await Expect(agent.Page.GetByText("Nada encontrado")).ToBeVisibleAsync();
        await agent
            .Page.Locator("[role=search]")
            .GetByRole(AriaRole.Button, new() { Name = "Limpar busca" })
            .ClickAsync();
        await Expect(agent.Row(clara.Name)).ToBeVisibleAsync();
        agent.AssertQuiet();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_refused_message_says_why_and_is_tried_again_by_hand()
    {
        var caio = Somebody("Caio Braga");
        inbox.Gateway.Script.Next(
            request => request.IsSend && request.Number == caio.PhoneJid,
            Reply.Refused(Answer.NotOnWhatsApp(caio.Phone))
        );
        await inbox.Number.ReceiveAsync(caio, "Oi");
        await using var agent = await inbox.SignInAsync();
        await agent.OpenAsync(caio.Name);

        await agent.WriteAsync("Olá, Caio");

        await agent.SeesAsync("Olá, Caio", "failed");
        await Expect(agent.Page.GetByText("Este número não está no WhatsApp")).ToBeVisibleAsync();
        await agent.Button("Tentar de novo").ClickAsync();
        await agent.SeesAsync("Olá, Caio", "sent");
        Assert.Equal(["Olá, Caio"], SentTo(caio));
        agent.AssertQuiet();
    }

    [Theory(Timeout = 90_000)]
    [InlineData("Reenviar", "sent", 1)]
    [InlineData("Descartar", "failed", 0)]
    public async Task Of_a_message_that_may_have_been_sent_the_agent_decides(
        string choice,
        string status,
        int sends
    )
    {
        var nina = Somebody($"Nina {choice}");
        inbox.Gateway.Script.Next(
            request => request.IsSend && request.Number == nina.PhoneJid,
            Reply.Dropped
        );
        await inbox.Number.ReceiveAsync(nina, "Oi");
        await using var agent = await inbox.SignInAsync();
        await agent.OpenAsync(nina.Name);

        await agent.WriteAsync("Segue o boleto");

        await agent.SeesAsync("Segue o boleto", "unknown");
        await Expect(agent.Row(nina.Name)).ToContainTextAsync("Pode ter sido enviada");
        await agent.Button(choice).ClickAsync();
        await agent.SeesAsync("Segue o boleto", status);
        Assert.Equal(sends, SentTo(nina).Count);
        agent.AssertQuiet();
    }

    [Fact(Timeout = 90_000)]
    public async Task After_the_session_has_ended_one_signs_in_and_finds_the_draft()
    {
        const string email = "davi@example.com";
        var tom = Somebody("Tom Leal");
        await inbox.Number.ReceiveAsync(tom, "Oi");
        var user = await inbox.Client.CreateUserAsync(email, "Davi", "agent", Inbox.Password, Ct);
        await using var agent = await inbox.SignInAsync(email: email);
        await agent.OpenAsync(tom.Name);
        await agent.Composer.FillAsync("Ainda não terminei");

        using var reset = await inbox.Client.Http.PostAsJsonAsync(
            $"/api/users/{user.Id}/reset-password",
            new { password = "another password" },
            Ct
        );

        reset.EnsureSuccessStatusCode();
        await Expect(agent.SignInForm).ToContainTextAsync("Sua sessão terminou");
        await agent.SignInAgainAsync(email, "another password");
        await Expect(agent.Composer).ToHaveValueAsync("Ainda não terminei");
        agent.AssertQuiet();
    }

    [Fact(Timeout = 90_000)]
    public async Task Everything_is_reached_by_keyboard()
    {
        var (first, second) = (Somebody("Ivo Teclado"), Somebody("Eva Teclado"));
        await inbox.Number.ReceiveAsync(first, "Um");
        await inbox.Number.ReceiveAsync(second, "Dois");
        await using var agent = await inbox.SignInAsync();
        var keyboard = agent.Page.Keyboard;
        await Expect(agent.Row(second.Name)).ToBeVisibleAsync();

        await keyboard.PressAsync("Control+k");
        await Expect(agent.SearchBox).ToBeFocusedAsync();
        await keyboard.TypeAsync("teclado");
        await Expect(agent.Rows).ToHaveCountAsync(2);
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Tab");
        await Expect(agent.Row(second.Name)).ToBeFocusedAsync();
        await keyboard.PressAsync("j");
        await Expect(agent.Row(first.Name)).ToBeFocusedAsync();
        await keyboard.PressAsync("k");
        await Expect(agent.Row(second.Name)).ToBeFocusedAsync();
        await keyboard.PressAsync("j");
        await Expect(agent.Row(first.Name)).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(agent.Composer).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await Expect(agent.Composer).Not.ToBeFocusedAsync();
        await keyboard.PressAsync("r");
        await Expect(agent.Composer).ToBeFocusedAsync();
        await keyboard.TypeAsync("rejeke?");
        await Expect(agent.Composer).ToHaveValueAsync("rejeke?");
        await keyboard.PressAsync("Escape");
        await keyboard.PressAsync("e");
        await Expect(agent.Button("Reabrir")).ToBeVisibleAsync();
        await keyboard.PressAsync("e");
        await Expect(agent.Button("Resolver")).ToBeVisibleAsync();
        await keyboard.PressAsync("?");
        var help = agent.Page.GetByRole(AriaRole.Dialog, new() { Name = "Atalhos do teclado" });
        await Expect(help).ToBeVisibleAsync();
        await keyboard.PressAsync("Escape");
        await Expect(help).ToBeHiddenAsync();
        await Expect(agent.Composer).ToBeVisibleAsync();
        await keyboard.PressAsync("Escape");
        await Expect(agent.Composer).ToBeHiddenAsync();
        agent.AssertQuiet();
    }

    private static Person Somebody(string name) =>
        Person.Number(Interlocked.Increment(ref people)) with
        {
            Name = name,
        };

    private Task<WebhookDelivery> ReceiveInGroupAsync(Group group, Person from, string text) =>
        inbox.Number.PostAsync(
            new TextMessage(inbox.Number.Number, from, text)
            {
                Group = group,
                SentAt = TimeProvider.System.GetUtcNow(),
            }.ToEnvelope()
        );

    private List<string> SentTo(Person person) =>
        [
            .. inbox
                .Gateway.Sent.All.Where(sent => sent.RemoteJid == person.PhoneJid)
                .Select(sent => sent.Text),
        ];
}
