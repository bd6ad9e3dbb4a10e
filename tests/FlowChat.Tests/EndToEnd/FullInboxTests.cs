using System.Collections.Concurrent;
using FlowChat.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>With 5,000 conversations and a thread of 50,000 messages the page draws and asks for what is near the view, no more.</summary>
public sealed class FullInboxTests(Inbox inbox) : IClassFixture<Inbox>
{
    private const int MostNodes = 900;
    private const int PagesScrolled = 30;

    private readonly ConcurrentQueue<string> _asked = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task What_is_drawn_and_asked_for_stays_small()
    {
        await FullInbox.FillAsync(inbox.ConnectionString, inbox.Instance.Id, 5_000, 50_000, Ct);
        await using var agent = await inbox.SignInAsync();
        agent.Page.Request += (_, request) => _asked.Enqueue(new Uri(request.Url).PathAndQuery);

        await agent.Page.ReloadAsync();
        await Expect(agent.Row(FullInbox.LongestName)).ToBeVisibleAsync();
        Assert.Single(Asked("/api/conversations?"));
        var list = agent.Rows.First.Locator("xpath=ancestor::ul/..");
        await ScrollAsync(agent, list, "scroller.scrollHeight", "/api/conversations?");

        await list.EvaluateAsync("(scroller) => scroller.scrollTop = 0");
        await agent.OpenAsync(FullInbox.LongestName);
        await Expect(agent.Bubble("Mensagem 50000")).ToBeInViewportAsync();
        Assert.Single(Asked("/messages?"));
        var thread = agent.Page.GetByRole(AriaRole.Region, new() { Name = "Mensagens com" });
        await ScrollAsync(agent, thread, "0", "/messages?");
        agent.AssertQuiet();
    }

    /// <summary>As a key held down scrolls: each page is asked for once, and what is drawn doesn't grow with them.</summary>
    private async Task ScrollAsync(AgentWindow agent, ILocator scroller, string to, string request)
    {
        await scroller.EvaluateAsync(
            $$"""
            (scroller) => new Promise((done) => {
              const came = () => performance.getEntriesByType("resource")
                .filter(({ name }) => name.includes("{{request}}")).length;
              const press = () => {
                scroller.scrollTop = {{to}};
                if (came() > {{PagesScrolled}}) done();
                else requestAnimationFrame(press);
              };
              press();
            })
            """
        );
        Assert.Distinct(Asked(request));
        var nodes = await agent.Page.EvaluateAsync<int>("document.querySelectorAll('*').length");
        Assert.InRange(nodes, 1, MostNodes);
    }

    private List<string> Asked(string request) =>
        [.. _asked.Where(address => address.Contains(request, StringComparison.Ordinal))];
}
