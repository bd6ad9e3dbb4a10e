using FlowChat.Testing.Browser;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>The pictures of the README, and that everyone can read them.</summary>
public sealed class PictureTests(Showroom showroom) : IClassFixture<Showroom>
{
    [Fact(Timeout = 120_000)]
    public async Task The_inbox_in_the_middle_of_a_morning()
    {
        await using var agent = await showroom.SignInAsync();
        await agent.OpenAsync(Showroom.Ana.Name);
        await agent.SeesAsync("Já emiti o pedido", "unknown");
        await agent.SeesAsync("Fechado!", "delivered");
        await Expect(agent.Row(Showroom.Ana.Name)).ToContainTextAsync("Pode ter sido enviada");

        await agent.ShowAsync("inbox");
        await Expect(agent.Button("Reenviar")).ToBeInViewportAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task In_a_hand_the_thread_hides_the_list_until_one_goes_back()
    {
        await using var agent = await showroom.SignInAsync(Screen.Phone);
        await agent.OpenAsync(Showroom.Ana.Name);
        await agent.SeesAsync("Já emiti o pedido", "unknown");
        await Expect(agent.Rows.First).ToBeHiddenAsync();
        await Expect(agent.Button("Reenviar")).ToBeInViewportAsync();

        await agent.Button("Voltar para a lista").ClickAsync();

        await Expect(agent.Rows.First).ToBeVisibleAsync();
        await agent.ShowAsync("list");
    }
}
