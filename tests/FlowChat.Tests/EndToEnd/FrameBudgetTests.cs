using FlowChat.Testing;
using FlowChat.Testing.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What is scrolled stays smooth: a frame's script, style and layout, in processor time of the page's own thread.</summary>
public sealed class FrameBudgetTests(Inbox inbox) : IClassFixture<Inbox>
{
    private const double MostMilliseconds = 8;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Of_twenty_scrolled_frames_nineteen_cost_at_most_8_ms()
    {
        await FullInbox.FillAsync(inbox.ConnectionString, inbox.Instance.Id, 1_000, 50_000, Ct);
        await using var agent = await inbox.SignInAsync();
        await using var trace = await FrameTrace.OpenAsync(agent.Page);
        await agent.OpenAsync(FullInbox.LongestName);
        await Expect(agent.Bubble("Mensagem 50000")).ToBeInViewportAsync();
        var thread = agent.Page.GetByRole(AriaRole.Region, new() { Name = "Mensagens com" });
        await WalkAsync(thread, -1_200, "Mensagem 49000");
        await ScrollAsync(trace, thread, +240, "Mensagem 50000");
        agent.AssertQuiet();
    }

    private static async Task ScrollAsync(
        FrameTrace trace,
        ILocator scroller,
        int step,
        string goal
    )
    {
        var costs = await trace.RecordAsync(() => WalkAsync(scroller, step, goal));

        Assert.InRange(costs.Frames.Count, 100, int.MaxValue);
        Assert.True(
            costs.At(0.95) <= MostMilliseconds,
            FormattableString.Invariant(
                $"p95 {costs.At(0.95):0.0} ms, {costs.Over(MostMilliseconds)} of {costs.Frames.Count} over {MostMilliseconds}; the slowest: {costs.Slowest}"
            )
        );
    }

    /// <summary>So far each frame, until this is in view.</summary>
    private static async Task WalkAsync(ILocator scroller, int step, string goal) =>
        await scroller.EvaluateAsync(
            """
            (scroller, [step, goal]) => new Promise((done) => {
              const walk = () => {
                if (scroller.textContent.includes(goal)) return done();
                scroller.scrollTop += step;
                requestAnimationFrame(walk);
              };
              walk();
            })
            """,
            new object[] { step, goal }
        );
}
