using System.Net.Http.Json;
using FlowChat.Testing.Api;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What waits belongs to who wrote it, in whichever tab, under whichever session.</summary>
public sealed class OfflineOwnerTests(Inbox inbox) : IClassFixture<Inbox>
{
    private readonly OfflineTalk talk = new(inbox);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_session_that_ends_meanwhile_loses_nothing_and_gives_nothing_to_another_user()
    {
        var (first, second) = ("iara@example.com", "caio@example.com");
        var leo = await talk.MeetAsync("Leo Lira");
        var iara = await AddAgentAsync(first, "Iara");
        await AddAgentAsync(second, "Caio");
        await using var agent = await talk.OpenAsync(leo, first);
        var window = agent.Window;
        await agent.GoOfflineAsync();
        await window.WriteAsync("Antes de sair");
        await window.SendPhotoAsync("E a foto");
        await EndSessionsAsync(iara.Id, "another password");
        agent.GoOnline();

        await Expect(window.SignInForm).ToContainTextAsync("Sua sessão terminou");
        await window.SignInAgainAsync(second, Inbox.Password);
        await window.OpenAsync(leo);
        await window.WriteAsync("Do outro");
        await window.SeesAsync("Do outro", "sent");
        await Expect(window.Bubble("Antes de sair")).ToHaveCountAsync(0);
        await talk.AssertSentAsync(leo, "Do outro");
        await SignOutAsync(window);
        await window.SignInAgainAsync(first, "another password");
        await window.OpenAsync(leo);

        await window.SeesAsync("E a foto", "sent");
        await talk.AssertSentAsync(leo, "Do outro", "Antes de sair", "E a foto");
        window.AssertQuiet();
    }

    [Fact(Timeout = 120_000)]
    public async Task Two_tabs_send_each_message_once_in_the_order_in_which_they_were_written()
    {
        var tom = await talk.MeetAsync("Tom Lira");
        await using var agent = await talk.OpenAsync(tom);
        var here = agent.Window;
        await using var there = await agent.OpenTabAsync();
        await there.SeesAsync("Oi", "received");
        await agent.GoOfflineAsync();

        await here.WriteAsync("Daqui");
        await there.SeesAsync("Daqui", "queued");
        await there.WriteAsync("De lá");
        await here.SeesAsync("De lá", "queued");
        await here.SendPhotoAsync("A foto daqui");
        await here.SendPhotoAsync("A foto que não vai");
        await there.SeesAsync("A foto que não vai", "queued");
        await there
            .Bubble("A foto que não vai")
            .GetByRole(AriaRole.Button, new() { Name = "Cancelar envio" })
            .ClickAsync();
        await Expect(here.Bubble("A foto que não vai")).ToHaveCountAsync(0);
        agent.GoOnline();

        foreach (var window in (AgentWindow[])[here, there])
        {
            await window.SeesAsync("A foto daqui", "sent");
            await window.SaidAsync("Daqui", "De lá", "A foto daqui");
        }
        await talk.AssertSentAsync(tom, "Daqui", "De lá", "A foto daqui");
        here.AssertQuiet();
        there.AssertQuiet();
    }

    [Fact(Timeout = 120_000)]
    public async Task Who_signs_in_in_another_tab_does_not_send_what_waits_in_this_one()
    {
        var (first, second) = ("nina@example.com", "raul@example.com");
        var eva = await talk.MeetAsync("Eva Lira");
        await AddAgentAsync(first, "Nina");
        await AddAgentAsync(second, "Raul");
        await using var agent = await talk.OpenAsync(eva, first);
        var here = agent.Window;
        // Of every tab, and before there is another one: it would send what waits at once.
        await here.Page.Context.RouteAsync("**/messages", route => route.AbortAsync());
        await here.WriteAsync("De Nina");
        await here.SeesAsync("De Nina", "queued");
        await using var there = await agent.OpenTabAsync();

        await SignOutAsync(there);
        await there.SignInAgainAsync(second, Inbox.Password);
        await here.Page.Context.UnrouteAllAsync();

        await Expect(here.UserMenu).ToContainTextAsync("R");
        await here.OpenAsync(eva);
        await here.WriteAsync("De Raul");
        await here.SeesAsync("De Raul", "sent");
        await Expect(here.Bubble("De Nina")).ToHaveCountAsync(0);
        await talk.AssertSentAsync(eva, "De Raul");
        await SignOutAsync(here);
        await here.SignInAgainAsync(first, Inbox.Password);
        await here.OpenAsync(eva);
        await here.SeesAsync("De Nina", "sent");
        await talk.AssertSentAsync(eva, "De Raul", "De Nina");
    }

    private static async Task SignOutAsync(AgentWindow agent)
    {
        await agent.UserMenu.ClickAsync();
        await agent.Button("Sair").ClickAsync();
        await Expect(agent.SignInForm).ToBeVisibleAsync();
    }

    private Task<User> AddAgentAsync(string email, string name) =>
        inbox.Client.CreateUserAsync(email, name, "agent", Inbox.Password, Ct);

    private async Task EndSessionsAsync(Guid userId, string password)
    {
        using var reset = await inbox.Client.Http.PostAsJsonAsync(
            $"/api/users/{userId}/reset-password",
            new { password },
            Ct
        );
        reset.EnsureSuccessStatusCode();
    }
}
