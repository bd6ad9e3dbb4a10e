using FlowChat.Testing.Browser;
using Microsoft.Playwright;

namespace FlowChat.Tests.EndToEnd;

/// <summary>A state of the page at a desk and in a hand, light and dark: pictures in artifacts/screenshots, and axe's word on each.</summary>
internal static class Looks
{
    private const string Drawn = """
        document.fonts.ready.then(() => new Promise((done) =>
          requestAnimationFrame(() => requestAnimationFrame(done))))
        """;

    private static readonly Screen[] Screens = [Screen.Phone, Screen.Desktop];
    private static readonly ColorScheme[] Themes = [ColorScheme.Dark, ColorScheme.Light];

    /// <summary>Ends as it began, at a desk.</summary>
    public static async Task ShowAsync(this AgentWindow agent, string state)
    {
        foreach (var screen in Screens)
        {
            await agent.Page.SetViewportSizeAsync(screen.Width, screen.Height);
            foreach (var theme in Themes)
            {
                await agent.Page.EmulateMediaAsync(new() { ColorScheme = theme });
                await agent.Page.EvaluateAsync(Drawn);
                var name = $"{state}-{screen.Width}x{screen.Height}-{theme}".ToLowerInvariant();
                await agent.Window.ScreenshotAsync(name);
                var violations = await agent.Window.SeriousViolationsAsync();
                Assert.True(violations.Count == 0, $"{name}: {string.Join('\n', violations)}");
            }
        }
        agent.AssertQuiet();
    }
}
