using FlowChat.Testing.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>The inbox as its agent uses it, in Portuguese.</summary>
internal sealed class AgentWindow(BrowserPage window) : IAsyncDisposable
{
    /// <summary>What the browser itself says of a lost server, and of the question whether one is signed in.</summary>
    private static readonly string[] NetworkNews =
    [
        "Failed to load resource",
        "WebSocket connection to",
    ];

    public IPage Page => window.Page;

    public BrowserPage Window => window;

    public ILocator Rows => Page.Locator("a[data-conversation-id]");

    public ILocator Composer => Page.Locator("form textarea");

    public ILocator SearchBox => Page.GetByLabel("Buscar nome ou número");

    public ILocator SignInForm => Page.Locator("form", new() { HasText = "Entrar no FlowChat" });

    public ILocator Button(string name) =>
        Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) =>
        Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public ILocator UserMenu => Page.Locator("button[popovertarget=user-menu]");

    public ILocator Row(string name) => Rows.Filter(new() { HasText = name });

    public ILocator Bubble(string text) =>
        Page.Locator("[data-message-id]").Filter(new() { HasText = text });

    public async Task SignInAsync(string email, string password)
    {
        await Page.GotoAsync("/");
        await SignInAgainAsync(email, password);
    }

    public async Task SignInAgainAsync(string email, string password)
    {
        await FillSignInAsync(email, password);
        await Expect(Page.GetByRole(AriaRole.Navigation)).ToBeVisibleAsync();
    }

    public async Task FillSignInAsync(string email, string password)
    {
        await Page.GetByLabel("E-mail").FillAsync(email);
        await Page.GetByLabel("Senha", new() { Exact = true }).FillAsync(password);
        await Button("Entrar").ClickAsync();
    }

    public async Task OpenAsync(string name)
    {
        await Row(name).ClickAsync();
        await Expect(
                Page.GetByLabel("Conversa aberta")
                    .GetByRole(AriaRole.Heading, new() { Level = 2, Name = name })
            )
            .ToBeVisibleAsync();
    }

    public async Task WriteAsync(string text)
    {
        await Composer.FillAsync(text);
        await Composer.PressAsync("Enter");
    }

    /// <summary>As chosen in the user menu, from the next load on.</summary>
    public async Task SpeakEnglishAsync()
    {
        await Page.EvaluateAsync("localStorage.setItem('flowchat.language', '\"en\"')");
        await Page.ReloadAsync();
        await Expect(Page.GetByLabel("Open conversation")).ToBeVisibleAsync();
    }

    /// <summary>The browser's own language again, from the next load on.</summary>
    public Task ForgetLanguageAsync() =>
        Page.EvaluateAsync("localStorage.removeItem('flowchat.language')");

    /// <summary>One bubble with this text, and its message in this state.</summary>
    public async Task SeesAsync(string text, string status)
    {
        await Expect(Bubble(text)).ToHaveCountAsync(1);
        await Expect(Bubble(text)).ToHaveAttributeAsync("data-status", status);
    }

    /// <summary>From a message's menu.</summary>
    public async Task ChooseAsync(ILocator bubble, string entry)
    {
        await OpenMenuAsync(bubble);
        await Page.GetByRole(AriaRole.Menuitem, new() { Name = entry }).ClickAsync();
    }

    public static async Task OpenMenuAsync(ILocator bubble)
    {
        await bubble.HoverAsync();
        await bubble.GetByRole(AriaRole.Button, new() { Name = "Ações da mensagem" }).ClickAsync();
    }

    /// <summary>No exception, no console error, nothing that the content security policy refused.</summary>
    public void AssertQuiet() =>
        Assert.DoesNotContain(
            window.Errors,
            error =>
                !Array.Exists(NetworkNews, news => error.StartsWith(news, StringComparison.Ordinal))
        );

    public ValueTask DisposeAsync() => window.DisposeAsync();
}
