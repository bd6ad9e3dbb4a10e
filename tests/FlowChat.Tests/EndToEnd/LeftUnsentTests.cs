using FlowChat.Testing.Evolution.Payloads;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What a page can't hand over waits for its writer, who may be in another thread by then.</summary>
public sealed class LeftUnsentTests(Inbox inbox) : IClassFixture<Inbox>
{
    [Fact(Timeout = 90_000)]
    public async Task The_list_tells_of_it_until_somebody_decides()
    {
        var caio = Person.Number(71) with { Name = "Caio Lopes" };
        await inbox.Number.ReceiveAsync(caio, "Oi");
        await using var agent = await inbox.SignInAsync();
        await agent.OpenAsync(caio.Name);
        await agent.Page.RouteAsync(
            "**/api/conversations/*/messages",
            route =>
                route.Request.Method == "POST"
                    ? route.FulfillAsync(new() { Status = 422 })
                    : route.ContinueAsync()
        );

        await agent.WriteAsync("Até já");

        var told = agent.Row(caio.Name).GetByText("Não enviada");
        await Expect(told).ToBeVisibleAsync();
        await agent.Window.ScreenshotAsync("left-unsent");
        await agent.Page.UnrouteAllAsync();
        await agent.Button("Tentar de novo").ClickAsync();
        await agent.SeesAsync("Até já", "sent");
        await Expect(told).ToHaveCountAsync(0);
        agent.AssertQuiet();
    }
}
