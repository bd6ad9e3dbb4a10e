using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace FlowChat.Testing.Browser;

/// <summary>One agent's window, with what went wrong in it.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> errors = new();

    public BrowserPage(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.PageError += (_, error) => errors.Enqueue(error);
        page.Console += (_, line) =>
        {
            if (line.Type is "error")
                errors.Enqueue(line.Text);
        };
    }

    public IPage Page { get; }

    /// <summary>Beside it, in the same profile.</summary>
    public async Task<BrowserPage> OpenTabAsync() => new(context, await context.NewPageAsync());

    /// <summary>Unhandled exceptions and console errors so far.</summary>
    public IReadOnlyCollection<string> Errors => errors;

    /// <summary>The accessibility violations that axe calls serious or critical, one line each.</summary>
    public async Task<IReadOnlyList<string>> SeriousViolationsAsync()
    {
        var result = await Page.RunAxe();
        return
        [
            .. from violation in result.Violations
            where violation.Impact is "serious" or "critical"
            from node in violation.Nodes
            select $"{violation.Id}: {violation.Help} ({node.Target}: {node.Html})",
        ];
    }

    /// <summary>A picture in artifacts/screenshots.</summary>
    public Task ScreenshotAsync(string name) =>
        Page.ScreenshotAsync(
            new()
            {
                Path = Path.Combine(Checkout.Root, "artifacts", "screenshots", $"{name}.png"),
                Animations = ScreenshotAnimations.Disabled,
            }
        );

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
