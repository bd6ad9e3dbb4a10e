using FlowChat.Testing.Browser;
using Microsoft.Playwright;

namespace FlowChat.Chaos.Traffic;

/// <summary>A real browser's inbox with one thread open, through nginx like any agent's.</summary>
internal sealed class AgentPage : IAsyncDisposable
{
    // The list, and the end of the thread, as they are read on the page.
    private const string Snapshot = """
        () => [
          ...[...document.querySelectorAll('a[data-conversation-id]')].map(row => `row ${row.dataset.conversationId} ${row.innerText}`),
          ...[...document.querySelectorAll('[data-message-id]')].slice(-15)
            .map(bubble => `message ${bubble.dataset.messageId} ${bubble.dataset.status} ${bubble.innerText}`),
        ].map(line => line.replace(/\s+/g, ' '))
        """;

    private readonly BrowserPage window;
    private readonly int row;

    private AgentPage(BrowserPage window, int row) => (this.window, this.row) = (window, row);

    public string Name => $"page {row}";

    /// <param name="browser">The browser.</param>
    /// <param name="server">Where nginx is.</param>
    /// <param name="email">Of the agent.</param>
    /// <param name="password">Of the agent.</param>
    /// <param name="row">Which conversation of the list it opens.</param>
    public static async Task<AgentPage> OpenAsync(
        Chromium browser,
        Uri server,
        string email,
        string password,
        int row
    )
    {
        var opened = await browser.OpenAsync(server);
        var page = opened.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Senha", new() { Exact = true }).FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Entrar", Exact = true }).ClickAsync();
        await page.Locator("a[data-conversation-id]").Nth(row).ClickAsync();
        await page.Locator("form textarea").WaitForAsync();
        return new AgentPage(opened, row);
    }

    /// <summary>Another window, loaded anew, with the same thread open.</summary>
    public async Task<AgentPage> OpenAgainAsync()
    {
        var page = await window.Page.Context.NewPageAsync();
        await page.GotoAsync(window.Page.Url);
        await page.Locator("form textarea").WaitForAsync();
        return new AgentPage(new BrowserPage(window.Page.Context, page), row);
    }

    public Task GoOfflineAsync() => window.Page.Context.SetOfflineAsync(true);

    public Task ComeBackAsync() => window.Page.Context.SetOfflineAsync(false);

    public IReadOnlyCollection<string> Errors => window.Errors;

    public async Task<IReadOnlyList<string>> ShowsAsync() =>
        await window.Page.EvaluateAsync<string[]>(Snapshot);

    /// <summary>Beside those of the tests, for whoever looks into a difference.</summary>
    public Task PhotographAsync() => window.ScreenshotAsync($"chaos-page-{row}");

    public ValueTask DisposeAsync() => window.DisposeAsync();
}
