using FlowChat.Testing.Browser;
using FlowChat.Testing.Evolution.Payloads;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>In a hand a message's menu has no button: a finger that rests on the message opens it.</summary>
public sealed class LongPressTests(Inbox inbox) : IClassFixture<Inbox>
{
    private const int Hold = 500;

    [Fact(Timeout = 120_000)]
    public async Task A_finger_that_rests_opens_the_menu_and_one_that_scrolls_does_not()
    {
        var ana = Person.Number(82) with { Name = "Ana Prado" };
        await inbox.Number.ReceiveAsync(ana, "Pode ser às nove?");
        await using var agent = await inbox.SignInAsync(Screen.Phone);
        await agent.OpenAsync(ana.Name);
        var bubble = agent.Bubble("Pode ser às nove?").Locator("[data-bubble]");
        await Expect(bubble).ToBeVisibleAsync();
        var menu = agent.Page.GetByRole(AriaRole.Menu);
        var finger = await agent.Page.Context.NewCDPSessionAsync(agent.Page);

        await PressAsync(agent.Page, finger, bubble, moved: 20);
        await Expect(menu).ToHaveCountAsync(0);
        await PressAsync(agent.Page, finger, bubble, moved: 0);
        await Expect(menu).ToBeVisibleAsync();
        await agent
            .Page.GetByRole(AriaRole.Menuitem, new() { Name = "Responder", Exact = true })
            .TapAsync();

        await Expect(agent.Page.GetByText("Respondendo a Ana Prado")).ToBeVisibleAsync();
        await Expect(agent.Page.Locator("form").GetByText("Pode ser às nove?")).ToBeVisibleAsync();
        agent.AssertQuiet();
    }

    private static async Task PressAsync(
        IPage page,
        ICDPSession finger,
        ILocator bubble,
        float moved
    )
    {
        var box = (await bubble.BoundingBoxAsync())!;
        var (x, y) = (box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await TouchAsync(finger, "touchStart", (x, y));
        if (moved > 0)
            await TouchAsync(finger, "touchMove", (x, y - moved));
        // The page's own clock: its timer of the press comes before this one, however slow the machine.
        await page.EvaluateAsync($"new Promise((done) => setTimeout(done, {Hold}))");
        await TouchAsync(finger, "touchEnd");
        await page.EvaluateAsync("new Promise((done) => setTimeout(done))");
    }

    private static async Task TouchAsync(
        ICDPSession finger,
        string type,
        params (float X, float Y)[] points
    ) =>
        await finger.SendAsync(
            "Input.dispatchTouchEvent",
            new()
            {
                ["type"] = type,
                ["touchPoints"] = points.Select(at => new { x = at.X, y = at.Y }).ToArray(),
            }
        );
}
