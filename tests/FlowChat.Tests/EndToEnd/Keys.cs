using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>Ways through the page that need no pointer.</summary>
internal static class Keys
{
    private const int FarEnough = 120;

    /// <summary>One key after the other.</summary>
    public static async Task PressAsync(this AgentWindow agent, params IEnumerable<string> keys)
    {
        foreach (var key in keys)
            await agent.Page.Keyboard.PressAsync(key);
    }

    /// <summary>Forwards to what is meant, as Tab goes.</summary>
    public static Task GoToAsync(this AgentWindow agent, ILocator goal) =>
        agent.WalkToAsync("Tab", goal);

    /// <summary>Back to what is meant, as Shift+Tab goes.</summary>
    public static Task GoBackToAsync(this AgentWindow agent, ILocator goal) =>
        agent.WalkToAsync("Shift+Tab", goal);

    /// <summary>Until the focus is where it is meant to be.</summary>
    public static async Task WalkToAsync(this AgentWindow agent, string key, ILocator goal)
    {
        await Expect(goal).ToBeVisibleAsync();
        for (var steps = 0; steps < FarEnough && !await HasFocusAsync(goal); steps++)
            await agent.PressAsync(key);
        await Expect(goal).ToBeFocusedAsync();
    }

    /// <summary>From the composer, or what stands beside it, into what can be attached.</summary>
    public static async Task OpenAttachingAsync(this AgentWindow agent, string entry)
    {
        await agent.GoToAsync(agent.Button("Anexar"));
        await agent.PressAsync("Enter");
        await agent.WalkToAsync(
            "ArrowDown",
            agent.Page.GetByRole(AriaRole.Menuitem, new() { Name = entry })
        );
        await agent.PressAsync("Enter");
    }

    private static Task<bool> HasFocusAsync(ILocator goal) =>
        goal.EvaluateAsync<bool>("(one) => one === document.activeElement");
}
