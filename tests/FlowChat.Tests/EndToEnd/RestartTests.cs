using FlowChat.Testing.Evolution.Payloads;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>kill -9 of the server under an agent's hands.</summary>
public sealed class RestartTests(Inbox inbox) : IClassFixture<Inbox>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Nothing_is_lost_or_doubled_while_the_server_is_away()
    {
        var bia = Person.Bruno with { Name = "Bia Lobo" };
        await inbox.Number.ReceiveAsync(bia, "Antes");
        await using var agent = await inbox.SignInAsync();
        await agent.OpenAsync(bia.Name);
        await agent.SeesAsync("Antes", "received");
        await agent.Page.EvaluateAsync("window.neverReloaded = true");

        await inbox.FlowChat.KillAsync(Ct);
        await Expect(agent.Page.GetByText("Reconectando…")).ToBeVisibleAsync();
        var incoming = inbox.Number.ReceiveAsync(bia, "Enquanto isso");
        await agent.WriteAsync("Escrita sem servidor");
        await Expect(agent.Page.GetByText("Será enviada quando a conexão voltar"))
            .ToBeVisibleAsync();
        await Expect(agent.Page.GetByRole(Microsoft.Playwright.AriaRole.Dialog))
            .ToHaveCountAsync(0);
        await inbox.FlowChat.StartAgainAsync(Ct);

        Assert.True((await incoming).Accepted);
        await agent.SeesAsync("Enquanto isso", "received");
        await agent.SeesAsync("Escrita sem servidor", "sent");
        await Expect(agent.Page.GetByText("Reconectando…")).ToBeHiddenAsync();
        await agent.WriteAsync("E depois");
        await agent.SeesAsync("E depois", "sent");
        await agent.SeesAsync("Antes", "received");
        Assert.True(await agent.Page.EvaluateAsync<bool>("window.neverReloaded"));
        agent.AssertQuiet();

        Assert.Equal(
            ["Escrita sem servidor", "E depois"],
            inbox
                .Gateway.Sent.All.Where(sent => sent.RemoteJid == bia.PhoneJid)
                .Select(sent => sent.Text)
        );
        var conversation = Assert.Single(
            (await inbox.Client.ConversationsAsync(Ct)).Items,
            one => one.Contact!.Name == bia.Name
        );
        var stored = await inbox.Client.MessagesAsync(conversation.Id, Ct);
        Assert.Equal(
            ["Antes", "E depois", "Enquanto isso", "Escrita sem servidor"],
            stored.Items.Select(message => message.Text).Order(StringComparer.Ordinal)
        );
    }

    [Fact(Timeout = 120_000)]
    public async Task A_page_that_was_closed_with_a_message_unsent_sends_it_once_when_it_is_opened_again()
    {
        var leo = Person.Ana with { Name = "Leo Sá" };
        await inbox.Number.ReceiveAsync(leo, "Oi");
        await using var agent = await inbox.SignInAsync();
        await agent.OpenAsync(leo.Name);
        await agent.SeesAsync("Oi", "received");

        await inbox.FlowChat.KillAsync(Ct);
        await agent.WriteAsync("Deixada para depois");
        await agent.SeesAsync("Deixada para depois", "queued");
        await agent.Page.GotoAsync("about:blank");
        await inbox.FlowChat.StartAgainAsync(Ct);
        await agent.Page.GotoAsync("/");

        await inbox.Gateway.Sent.WaitAsync(sent => sent.Text == "Deixada para depois", Ct);
        await agent.OpenAsync(leo.Name);
        await agent.SeesAsync("Deixada para depois", "sent");
        Assert.Single(inbox.Gateway.Sent.All, sent => sent.Text == "Deixada para depois");
        agent.AssertQuiet();
    }
}
