using FlowChat.Testing.Evolution;
using Microsoft.Playwright;
using static FlowChat.Tests.EndToEnd.OpenThread;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What an agent does with a message that is there: reacts, edits, deletes, tries again.</summary>
public sealed class ChangesOutTests(OpenThread thread) : IClassFixture<OpenThread>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FakeEvolution Gateway => thread.Inbox.Gateway;

    [Fact(Timeout = 90_000)]
    public async Task A_reaction_is_given_changed_and_taken_back()
    {
        var agent = await thread.ShowAsync(Ana);
        var message = thread.MessageOf(Ana, "Chegou tudo certo");
        var bubble = await thread.ReceiveAsync(message);

        await ReactAsync(agent, bubble, "❤️");
        await ToldAsync(message.Id, "❤️");
        await Expect(Chip(bubble)).ToHaveAccessibleNameAsync("❤️ 1 pessoa reagiu");
        await ReactAsync(agent, bubble, "🙏");
        await ToldAsync(message.Id, "🙏");
        await Expect(Chip(bubble)).ToHaveAccessibleNameAsync("🙏 1 pessoa reagiu");
        await ReactAsync(agent, bubble, "🙏");
        await ToldAsync(message.Id, "");
        await Expect(Chip(bubble)).ToHaveCountAsync(0);
    }

    [Fact(Timeout = 90_000)]
    public async Task What_was_sent_is_edited_and_then_deleted_for_everyone()
    {
        var agent = await thread.ShowAsync(Ana);
        await agent.WriteAsync("Chego as 10");
        await agent.SeesAsync("Chego as 10", "sent");
        var sent = await Gateway.Sent.WaitAsync(one => one.Text == "Chego as 10", Ct);
        var bubble = await thread.BubbleAsync(sent.Id);

        await agent.ChooseAsync(bubble, "Editar");
        await Expect(agent.Composer).ToHaveValueAsync("Chego as 10");
        await agent.WriteAsync("Chego às 10h");
        var edit = await Gateway.Requests.WaitAsync(request => request.Text == "Chego às 10h", Ct);
        Assert.StartsWith("/chat/updateMessage", edit.Path, StringComparison.Ordinal);
        Assert.Equal(sent.Id, edit.Body!["key"]!["id"]!.GetValue<string>());
        await Expect(bubble).ToContainTextAsync("Chego às 10h");
        await Expect(bubble).ToContainTextAsync("editada");

        await agent.ChooseAsync(bubble, "Apagar para todos");
        await agent.ShowAsync("delete");
        await agent.Button("Apagar").ClickAsync();
        var delete = await AskedAsync("/chat/deleteMessageForEveryone");
        Assert.Equal(sent.Id, delete.Body!["id"]!.GetValue<string>());
        await Expect(bubble).ToContainTextAsync("Mensagem apagada");
    }

    [Fact(Timeout = 90_000)]
    public async Task A_change_that_was_refused_says_why_and_can_be_given_up()
    {
        var agent = await thread.ShowAsync(Ana);
        await agent.WriteAsync("Sai hoje a tarde");
        await agent.SeesAsync("Sai hoje a tarde", "sent");
        Gateway.Script.Next(
            request => request.Path.Contains("updateMessage", StringComparison.Ordinal),
            Reply.Refused(Answer.Error(422, "Message too old"))
        );

        await agent.ChooseAsync(agent.Bubble("Sai hoje a tarde"), "Editar");
        await agent.WriteAsync("Sai hoje à tarde");

        var line = agent.Bubble("Sai hoje").GetByText("A edição não foi feita");
        await Expect(line).ToContainTextAsync("O WhatsApp não aceitou");
        await agent.ShowAsync("change-refused");
        await agent
            .Bubble("Sai hoje")
            .GetByRole(AriaRole.Button, new() { Name = "Descartar" })
            .ClickAsync();
        await Expect(line).ToBeHiddenAsync();
        await Expect(agent.Bubble("Sai hoje a tarde")).ToBeVisibleAsync();
    }

    [Fact(Timeout = 90_000)]
    public async Task What_failed_says_why_in_words_and_the_gateway_s_own_behind_them()
    {
        var agent = await thread.ShowAsync(Ana);
        Gateway.Script.Next(Reply.Refused(Answer.Error(422, "payload rejected by policy")));

        await agent.WriteAsync("Proposta final");

        await agent.SeesAsync("Proposta final", "failed");
        var bubble = agent.Bubble("Proposta final");
        await Expect(bubble).ToContainTextAsync("O WhatsApp não aceitou");
        await bubble.GetByRole(AriaRole.Button, new() { Name = "Detalhes" }).ClickAsync();
        await Expect(bubble).ToContainTextAsync("payload rejected by policy");
        await agent.ShowAsync("failed-with-details");
        await bubble.GetByRole(AriaRole.Button, new() { Name = "Tentar de novo" }).ClickAsync();
        await agent.SeesAsync("Proposta final", "sent");
    }

    private static ILocator Chip(ILocator bubble) =>
        bubble.GetByRole(AriaRole.Button, new() { Name = "reagiu" });

    private static async Task ReactAsync(AgentWindow agent, ILocator bubble, string emoji)
    {
        await AgentWindow.OpenMenuAsync(bubble);
        await agent.Page.GetByRole(AriaRole.Menu).GetByText(emoji).ClickAsync();
    }

    private Task<RecordedRequest> AskedAsync(string path) =>
        Gateway.Requests.WaitAsync(
            request => request.Path.StartsWith(path, StringComparison.Ordinal),
            Ct
        );

    private Task<RecordedRequest> ToldAsync(string waId, string emoji) =>
        Gateway.WaitForSendAsync(
            request =>
                request.Path.StartsWith("/message/sendReaction", StringComparison.Ordinal)
                && request.Body!["key"]!["id"]!.GetValue<string>() == waId
                && request.Body["reaction"]!.GetValue<string>() == emoji,
            Ct
        );
}
