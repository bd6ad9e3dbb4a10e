using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution;
using Microsoft.Playwright;
using static FlowChat.Tests.EndToEnd.OpenThread;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What the composer does besides sending what is in it.</summary>
public sealed class ComposerTests(OpenThread thread) : IClassFixture<OpenThread>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FakeEvolution Gateway => thread.Inbox.Gateway;

    [Fact(Timeout = 90_000)]
    public async Task A_link_is_shown_with_its_page_only_when_that_is_switched_on()
    {
        var agent = await thread.ShowAsync(Ana);
        var preview = agent.Page.GetByRole(
            AriaRole.Switch,
            new() { Name = "Mostrar prévia do link" }
        );

        await agent.Composer.FillAsync("Sem endereço nenhum");
        await Expect(preview).ToHaveCountAsync(0);
        await agent.WriteAsync("Veja https://loja.example/um");
        await agent.SeesAsync("Veja https://loja.example/um", "sent");
        await agent.Composer.FillAsync("Veja https://loja.example/dois");
        await Expect(preview).Not.ToBeCheckedAsync();
        await preview.CheckAsync();
        await agent.ShowAsync("link-preview");
        await agent.Composer.PressAsync("Enter");
        await agent.SeesAsync("Veja https://loja.example/dois", "sent");
        await agent.Composer.FillAsync("E https://loja.example/tres");
        await Expect(preview).Not.ToBeCheckedAsync();

        Assert.Equal(
            [false, true],
            Gateway
                .Requests.All.Where(one => one.IsSend)
                .Select(one => one.Body!["linkPreview"]!.GetValue<bool>())
        );
        await agent.Composer.FillAsync("");
    }

    [Fact(Timeout = 90_000)]
    public async Task A_number_that_shows_no_links_isnt_asked_to()
    {
        var agent = await thread.ShowAsync(Ana);
        await agent.Page.RouteAsync("**/api/instances", WithoutAsync);
        await agent.Page.ReloadAsync();

        await agent.Composer.FillAsync("Veja https://loja.example/quatro");

        await Expect(agent.Button("Enviar")).ToBeEnabledAsync();
        await Expect(agent.Page.GetByRole(AriaRole.Switch, new() { Name = "Mostrar prévia" }))
            .ToHaveCountAsync(0);
        await agent.Composer.FillAsync("");
        await agent.Page.UnrouteAllAsync();

        static async Task WithoutAsync(IRoute route)
        {
            var answer = await route.FetchAsync();
            var page = JsonNode.Parse(await answer.TextAsync())!;
            foreach (var instance in page["items"]!.AsArray())
                instance!["abilities"] = new JsonArray("text", "reply", "typing");
            await route.FulfillAsync(new() { Response = answer, Body = page.ToJsonString() });
        }
    }
}
