using System.Diagnostics;
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
    public async Task The_other_side_sees_that_somebody_types_and_not_at_every_key()
    {
        var agent = await thread.ShowAsync(Ana);
        var began = Stopwatch.GetTimestamp();

        await agent.Composer.PressSequentiallyAsync("Já vejo isso");

        var told = await Gateway.Requests.WaitAsync(IsTyping, Ct);
        Assert.Equal(
            (Ana.PhoneJid, "composing"),
            (told.Body!["number"]!.GetValue<string>(), told.Body["presence"]!.GetValue<string>())
        );
        // Every four seconds at most, however long this machine took.
        var most = 1 + (int)(Stopwatch.GetElapsedTime(began).TotalSeconds / 4);
        Assert.InRange(Gateway.Requests.All.Count(IsTyping), 1, most);
        await agent.Composer.FillAsync("");
    }

    [Fact(Timeout = 90_000)]
    public async Task Who_empties_the_field_or_only_reads_types_nothing()
    {
        await thread.ShowAsync(Rui);
        var agent = await thread.ShowAsync(Lia);

        await agent.Composer.PressSequentiallyAsync("a");
        await Gateway.Requests.WaitAsync(one => IsTyping(one) && NumberOf(one) == Lia.PhoneJid, Ct);
        await agent.OpenAsync(Rui.Name);
        await agent.Composer.FillAsync("");
        await agent.OpenAsync(Lia.Name);
        await Expect(agent.Composer).ToHaveValueAsync("a");
        await agent.WriteAsync("Até já");

        await agent.SeesAsync("Até já", "sent");
        Assert.DoesNotContain(
            Gateway.Requests.All,
            one => IsTyping(one) && NumberOf(one) == Rui.PhoneJid
        );
    }

    [Fact(Timeout = 90_000)]
    public async Task A_link_is_shown_with_its_page_only_when_that_is_switched_on()
    {
        var agent = await thread.ShowAsync(Ana);
        var posted = new List<JsonObject>();
        await agent.Page.RouteAsync("**/api/instances", GiveAbilityAsync);
        await agent.Page.RouteAsync("**/api/conversations/*/messages", TakeAsync);
        await agent.Page.ReloadAsync();
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

        Assert.Equal([null, true], posted.Select(body => (bool?)body["link_preview"]));
        await agent.Composer.FillAsync("");
        await agent.Page.UnrouteAllAsync();

        async Task GiveAbilityAsync(IRoute route)
        {
            var answer = await route.FetchAsync();
            var page = JsonNode.Parse(await answer.TextAsync())!;
            foreach (var instance in page["items"]!.AsArray())
                instance!["abilities"]!.AsArray().Add("link_preview");
            await route.FulfillAsync(new() { Response = answer, Body = page.ToJsonString() });
        }

        Task TakeAsync(IRoute route)
        {
            if (route.Request.PostData is not { } text)
                return route.ContinueAsync();
            var body = JsonNode.Parse(text)!.AsObject();
            posted.Add(body.DeepClone().AsObject());
            body.Remove("link_preview");
            return route.ContinueAsync(
                new() { PostData = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()) }
            );
        }
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

    private static bool IsTyping(RecordedRequest request) =>
        request.Path.StartsWith("/chat/sendPresence/", StringComparison.Ordinal);

    private static string NumberOf(RecordedRequest request) =>
        request.Body!["number"]!.GetValue<string>();
}
