using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>Each page of a working day in the other language.</summary>
public sealed class EnglishPagesTests(Showroom showroom) : IClassFixture<Showroom>
{
    [Fact(Timeout = 300_000)]
    public async Task From_the_list_to_the_sign_in_all_of_it_is_drawn_and_open_to_everyone()
    {
        await using var agent = await showroom.SignInAsync();
        await agent.SpeakEnglishAsync();
        await Expect(agent.Row(Showroom.Ana.Name)).ToContainTextAsync("May have been sent");
        await agent.ShowAsync("english-list");
        await agent.Row(Showroom.Ana.Name).ClickAsync();
        await agent.SeesAsync("Já emiti o pedido", "unknown");
        await agent.ShowAsync("english-inbox");
        await agent.Row("Group 5486").ClickAsync();
        await Expect(agent.Bubble("Saiu pra entrega")).ToBeVisibleAsync();
        await agent.ShowAsync("english-group");

        await ShowDetailsInAHandAsync(agent);
        await agent.Button("New conversation").ClickAsync();
        await agent.ShowAsync("english-new-conversation");
        await agent.PressAsync("Escape");

        await agent.Link("Numbers").ClickAsync();
        await Expect(agent.Page.GetByText("Loja Centro")).ToBeVisibleAsync();
        await agent.ShowAsync("english-instances");
        await agent.UserMenu.ClickAsync();
        await agent.ShowAsync("english-settings");
        await agent.Button("Keyboard shortcuts").ClickAsync();
        await Expect(agent.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await agent.ShowAsync("english-shortcuts");
        await agent.PressAsync("Escape");
        await agent.Link("Test phone").ClickAsync();
        await Expect(agent.Page.GetByRole(AriaRole.Main)).ToBeVisibleAsync();
        await agent.ShowAsync("english-sandbox");
        await agent.UserMenu.ClickAsync();
        await agent.Button("Sign out").ClickAsync();
        await Expect(agent.Page.GetByLabel("E-mail")).ToBeVisibleAsync();
        await agent.ShowAsync("english-sign-in");
    }

    private static async Task ShowDetailsInAHandAsync(AgentWindow agent)
    {
        await agent.Page.SetViewportSizeAsync(390, 844);
        await agent.Button("Details").ClickAsync();
        await agent.ShowAsync("english-details");
        await agent.Page.GotoAsync("/");
        await Expect(agent.Button("New conversation")).ToBeVisibleAsync();
    }
}
