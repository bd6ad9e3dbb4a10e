using FlowChat.Testing.Evolution.Payloads;
using Microsoft.Playwright;
using static FlowChat.Tests.EndToEnd.OpenThread;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>An agent sees that somebody on the other side writes or speaks.</summary>
public sealed class ContactTypingTests(OpenThread thread) : IClassFixture<OpenThread>
{
    private EvolutionNumber Number => thread.Inbox.Number.Number;

    [Fact(Timeout = 90_000)]
    public async Task A_contact_types_records_pauses_and_writes()
    {
        var agent = await thread.ShowAsync(Ana);
        var (heading, row) = (Heading(agent), agent.Row(Ana.Name));
        await Expect(heading).Not.ToContainTextAsync("digitando…");

        await TellAsync(Ana.PhoneJid, Ana, "composing");
        await Expect(heading).ToContainTextAsync("digitando…");
        await Expect(row).ToContainTextAsync("digitando…");
        await agent.Window.ScreenshotAsync("contact-typing");

        await TellAsync(Ana.PhoneJid, Ana, "recording");
        await Expect(heading).ToContainTextAsync("gravando áudio…");
        await Expect(row).ToContainTextAsync("gravando áudio…");
        await TellAsync(Ana.PhoneJid, Ana, "paused");
        await Expect(heading).Not.ToContainTextAsync("gravando áudio…");
        await Expect(row).Not.ToContainTextAsync("gravando áudio…");

        await TellAsync(Ana.PhoneJid, Ana, "composing");
        await Expect(row).ToContainTextAsync("digitando…");
        await thread.PostAsync(thread.MessageOf(Ana, "Cheguei"));
        await Expect(row).ToContainTextAsync("Cheguei");
        await Expect(heading).Not.ToContainTextAsync("digitando…");
        agent.AssertQuiet();
    }

    [Fact(Timeout = 90_000)]
    public async Task In_a_group_it_says_who_and_it_ends_by_itself()
    {
        var agent = await thread.ShowAsync(Deliveries);
        await agent.Page.SetViewportSizeAsync(390, 844);
        var heading = Heading(agent);

        await TellAsync(Deliveries.Jid, Rui, "composing");

        await Expect(heading).ToContainTextAsync("Rui Prado está digitando…");
        await agent.Window.ScreenshotAsync("group-typing");
        await Expect(heading).Not.ToContainTextAsync("digitando…", new() { Timeout = 30_000 });
        agent.AssertQuiet();
    }

    private static ILocator Heading(AgentWindow agent) =>
        agent.Page.GetByLabel("Conversa aberta").Locator("header");

    private Task TellAsync(string chat, Person person, string presence) =>
        thread.PostAsync(
            Number.PresenceUpdate(chat, person.PhoneJid, presence, TimeProvider.System.GetUtcNow())
        );
}
