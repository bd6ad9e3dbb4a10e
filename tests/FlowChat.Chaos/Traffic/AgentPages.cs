using FlowChat.Testing.Browser;
using FlowChat.Testing.Stack;

namespace FlowChat.Chaos.Traffic;

/// <summary>The browsers of the first tenant's agents.</summary>
internal sealed class AgentPages(Chromium browser, TimeProvider time) : IAsyncDisposable
{
    private const int Count = 2;

    // An open thread is read, and told to be, a moment after what came.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly List<AgentPage> pages = [];

    public IReadOnlyList<AgentPage> All => pages;

    public static async Task<AgentPages> OpenAsync(FlowChatStack stack, TimeProvider time)
    {
        var agents = new AgentPages(await Chromium.LaunchAsync(), time);
        for (var row = 0; row < Count; row++)
            agents.pages.Add(await agents.OpenAsync(stack, row));
        return agents;
    }

    /// <summary>What a page shows that one loaded anew doesn't, or the other way round; none when all are alike.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync(CancellationToken ct)
    {
        var found = new List<string>();
        foreach (var page in pages)
            found.AddRange(await DifferencesAsync(page, ct));
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var page in pages)
            await page.DisposeAsync();
        await browser.DisposeAsync();
    }

    private Task<AgentPage> OpenAsync(FlowChatStack stack, int row) =>
        AgentPage.OpenAsync(
            browser,
            stack.Address,
            FlowChatStack.OwnerEmail,
            FlowChatStack.Password,
            row
        );

    private async Task<IReadOnlyList<string>> DifferencesAsync(AgentPage page, CancellationToken ct)
    {
        var fresh = await page.OpenAgainAsync();
        var since = time.GetTimestamp();
        while (true)
        {
            var (shown, anew) = (await page.ShowsAsync(), await fresh.ShowsAsync());
            if (anew.Count > 0 && shown.SequenceEqual(anew))
                return [];
            if (time.GetElapsedTime(since) > Patience)
            {
                await page.PhotographAsync();
                return
                [
                    .. page.Errors.TakeLast(8).Select(e => $"{page.Name} said {e}"),
                    .. shown.Except(anew).Select(line => $"{page.Name} alone shows {line}"),
                    .. anew.Except(shown).Select(line => $"{page.Name} doesn't show {line}"),
                    .. shown.Order().SequenceEqual(anew.Order())
                        ? [$"{page.Name} shows it in another order"]
                        : Array.Empty<string>(),
                ];
            }
            await Task.Delay(Look, time, ct);
        }
    }
}
