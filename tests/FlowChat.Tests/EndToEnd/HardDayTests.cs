using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What is hard to draw: endless names and words, other scripts, groups, what failed and what is cut off.</summary>
public sealed class HardDayTests(Inbox inbox) : IClassFixture<Inbox>
{
    private static readonly Person Endless = new(
        "5511911110001",
        "2001",
        "Maria Aparecida Fernandes de Albuquerque Vasconcelos Cavalcanti Neta"
    );
    private static readonly Person Arabic = new("5511911110002", "2002", "محمد عبد الرحمن");
    private static readonly Person Flower = new("5511911110003", "2003", "🌻 Flor & Cia");
    private static readonly Person Nameless = new("5511911110004", "2004", "");
    private static readonly Person Busy = new("5511911110005", "2005", "Tomás Pressa");
    private static readonly Group Team = new("120363025246120777@g.us", "Equipe");

    [Fact(Timeout = 180_000)]
    public async Task All_of_it_stays_readable()
    {
        await ReceiveAsync();
        await using var agent = await inbox.SignInAsync();
        await Expect(agent.Rows).ToHaveCountAsync(6);
        await Expect(agent.Row(Busy.Name)).ToContainTextAsync("99+");
        await agent.ShowAsync("hard-list");

        await agent.OpenAsync(Endless.Name);
        await AnswerInEveryStateAsync(agent);
        await agent.ShowAsync("hard-thread");

        await agent.OpenAsync(Arabic.Name);
        await agent.ShowAsync("hard-script");
        await agent.Row("João").ClickAsync();
        await Expect(agent.Bubble("Combinado")).ToBeVisibleAsync();
        await Expect(agent.Bubble("Quem recebeu?")).ToContainTextAsync("Sem nome");
        await agent.ShowAsync("hard-group");

        await agent.SearchBox.FillAsync("ninguém com este nome");
        await Expect(agent.Page.GetByText("Nada encontrado")).ToBeVisibleAsync();
        await agent.ShowAsync("hard-search");
        await agent.SearchBox.FillAsync("");

        await inbox.Number.ChangeStateAsync("close", 401);
        await agent.OpenAsync(Flower.Name);
        await agent.WriteAsync("Fica para quando o número voltar");
        await Expect(agent.Page.GetByText("Aguardando conexão")).ToBeVisibleAsync();
        await agent.Button("Resolver").ClickAsync();
        await Expect(agent.Row(Flower.Name)).ToContainTextAsync("Resolvida");
        await agent.ShowAsync("hard-disconnected");

        await inbox.FlowChat.KillAsync(TestContext.Current.CancellationToken);
        await Expect(agent.Page.GetByText("Reconectando…")).ToBeVisibleAsync();
        await agent.WriteAsync("Escrita sem servidor");
        await agent.ShowAsync("hard-reconnecting");
    }

    private async Task ReceiveAsync()
    {
        await SayAsync(Endless, "Bom dia");
        await SayAsync(Endless, "Paralelepípedo" + new string('o', 180));
        await SayAsync(
            Endless,
            $"Veja https://loja.example/{string.Join('-', Enumerable.Repeat("sofa", 40))}?cor=areia agora"
        );
        await SayAsync(Endless, "Uma linha\n\ne outra,\n   com recuo");
        await PostPhotoAsync(Endless);
        await SayAsync(Arabic, "مرحبا، هل لا يزال الكرسي متاحًا؟ 😊");
        await SayAsync(Arabic, "R$ 2.890 مع التوصيل؟ https://loja.example/lumi");
        await SayAsync(Flower, "👍🏽👨‍👩‍👧‍👦❤️");
        await SayAsync(Person.Ana with { Name = "João Motta" }, "Saiu para entrega", Team);
        await SayAsync(Person.Ana with { Name = "João Motta" }, "Chega em 40 minutos", Team);
        await SayAsync(Endless, "Combinado", Team);
        await SayAsync(Nameless, "Quem recebeu?", Team);
        await SayAsync(Person.Ana with { Name = "João Motta" }, "Entregue 🎉", Team);
        await SayAsync(Nameless, "Vocês entregam em Osasco?");
        for (var n = 1; n <= 100; n++)
            await SayAsync(Busy, $"Alô? ({n})");
    }

    private async Task AnswerInEveryStateAsync(AgentWindow agent)
    {
        await agent.WriteAsync("Bom dia! Já vejo.");
        await agent.SeesAsync("Já vejo", "sent");
        inbox.Gateway.Script.Next(Reply.Refused(Answer.NotOnWhatsApp(Endless.Phone)));
        await agent.WriteAsync("Segue a proposta");
        await agent.SeesAsync("Segue a proposta", "failed");
        inbox.Gateway.Script.Next(Reply.Dropped);
        await agent.WriteAsync("E o boleto");
        await agent.SeesAsync("E o boleto", "unknown");
    }

    private async Task SayAsync(Person from, string text, Group? group = null) =>
        await PostAsync(Text(from, text, group).ToEnvelope());

    private async Task PostPhotoAsync(Person from)
    {
        var envelope = Text(from, "").ToEnvelope();
        envelope["data"]!["message"] = new JsonObject { ["imageMessage"] = new JsonObject() };
        await PostAsync(envelope);
    }

    private TextMessage Text(Person from, string text, Group? group = null) =>
        new(inbox.Number.Number, from, text)
        {
            Group = group,
            SentAt = TimeProvider.System.GetUtcNow(),
        };

    private async Task PostAsync(JsonObject envelope) =>
        Assert.True((await inbox.Number.PostAsync(envelope)).Accepted);
}
