using System.Globalization;
using FlowChat.Testing;
using FlowChat.Testing.Browser;
using Microsoft.Playwright;

namespace FlowChat.Bench;

/// <summary>What an agent does in the page, timed by the page's own clock.</summary>
internal sealed class MeasuredPage(IPage page)
{
    private const string List = "[aria-label='Lista de conversas'] div:has(> ul)";
    private const string Thread = "[role=region][aria-label^='Mensagens com']";

    private const string Clock = """
        window.drawn = (selector) => new Promise((done) => {
          const look = () => document.querySelector(selector)
            ? requestAnimationFrame(() => done(performance.now()))
            : requestAnimationFrame(look);
          look();
        });
        window.scrolled = async (selector, step, goal) => {
          const scroller = document.querySelector(selector);
          const frames = [];
          let last = await new Promise(requestAnimationFrame);
          while (!scroller.textContent.includes(goal)) {
            scroller.scrollTop += step;
            const now = await new Promise(requestAnimationFrame);
            frames.push(now - last);
            last = now;
          }
          return frames;
        };
        """;

    /// <summary>The header of what scrolling answers.</summary>
    public const string FrameColumns =
        "| scrolling | frames | p50 ms | p95 | p99 | longest | over 8 ms | gaps over 50 ms | longest gap |\n"
        + "|---|--:|--:|--:|--:|--:|--:|--:|--:|";

    // What is aimed at: half of a frame at 60 a second.
    private const double MostMilliseconds = 8;

    private ICDPSession? devTools;
    private FrameTrace? trace;

    public async Task SignInAsync(string email, string password)
    {
        devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("Performance.enable");
        trace = await FrameTrace.OpenAsync(page);
        await page.AddInitScriptAsync(Clock);
        await page.GotoAsync("/");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Senha", new() { Exact = true }).FillAsync(password);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Navigation).WaitForAsync();
    }

    public async Task<string> OpenListAsync()
    {
        await page.ReloadAsync();
        return Milliseconds(await page.EvaluateAsync<double>("drawn('a[data-conversation-id]')"));
    }

    public async Task<string> OpenThreadAsync() =>
        Milliseconds(
            await page.EvaluateAsync<double>(
                """
                (name) => {
                  const began = performance.now();
                  [...document.querySelectorAll("a[data-conversation-id]")]
                    .find((row) => row.textContent.includes(name)).click();
                  return drawn("[data-message-id]").then((at) => at - began);
                }
                """,
                FullInbox.LongestName
            )
        );

    public async Task CloseThreadAsync()
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Conversas" }).ClickAsync();
        await page.Locator("[data-message-id]")
            .First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    public Task<string> ScrollListAsync(string to) => ScrollAsync(List, 300, to);

    public Task<string> ScrollThreadAsync(int step, string to) => ScrollAsync(Thread, step, to);

    public async Task<string> WriteAsync()
    {
        await page.Locator("form textarea").FillAsync("Escrita no fim");
        return Milliseconds(
            await page.EvaluateAsync<double>(
                """
                () => {
                  const began = performance.now();
                  document.querySelector("form button[type=submit]").click();
                  return drawn("[data-message-id]:is([data-status=queued], [data-status=sending], [data-status=sent])")
                    .then((at) => at - began);
                }
                """
            )
        );
    }

    public async Task<string> NodesAsync() =>
        Number(await page.EvaluateAsync<int>("document.querySelectorAll('*').length"), "N0");

    public async Task<string> HeapAsync()
    {
        await devTools!.SendAsync("HeapProfiler.collectGarbage");
        return $"{Number(await MetricAsync("JSHeapUsedSize") / 1e6, "0.0")} MB";
    }

    private async Task<string> ScrollAsync(string scroller, int step, string to)
    {
        double[] gaps = [];
        var costs = await trace!.RecordAsync(async () =>
            gaps = await page.EvaluateAsync<double[]>(
                "([scroller, step, to]) => scrolled(scroller, step, to)",
                new object[] { scroller, step, to }
            )
        );
        return string.Join(
            " | ",
            Number(costs.Frames.Count, "N0"),
            Number(costs.At(0.5), "0.0"),
            Number(costs.At(0.95), "0.0"),
            Number(costs.At(0.99), "0.0"),
            Number(costs.Slowest.Milliseconds, "0.0"),
            $"{Number(costs.ShareOver(MostMilliseconds) * 100, "0.0")} %",
            Number(gaps.Count(gap => gap > 50), "N0"),
            $"{Number(gaps.Max(), "0")} ms"
        );
    }

    private async Task<double> MetricAsync(string name)
    {
        var answer = await devTools!.SendAsync("Performance.getMetrics");
        return answer!
            .Value.GetProperty("metrics")
            .EnumerateArray()
            .First(metric => metric.GetProperty("name").ValueEquals(name))
            .GetProperty("value")
            .GetDouble();
    }

    private static string Milliseconds(double value) => $"{Number(value, "0")} ms";

    private static string Number(double value, string format) =>
        value.ToString(format, CultureInfo.InvariantCulture);
}
