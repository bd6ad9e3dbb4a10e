using System.Security.Cryptography;
using FlowChat.Testing.Samples;
using FlowChat.Testing.Servers;
using Microsoft.Playwright;
using static FlowChat.Tests.EndToEnd.OpenThread;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>A file on its way to the server, over a line that is slow, and cut.</summary>
public sealed class UploadPlaceTests(OpenThread thread) : IClassFixture<OpenThread>
{
    private const int SlowBytesPerSecond = 80_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A photo of a size that takes its time: whatever follows its end is not drawn.</summary>
    private static byte[] LargePhoto { get; } =
    [.. Sample.Read(Sample.Photo), .. new byte[1_600_000]];

    [Fact(Timeout = 180_000)]
    public async Task What_was_cut_goes_on_in_its_bubble_and_what_was_written_after_it_waits_below()
    {
        var agent = await thread.ShowAsync(Ana);
        await using var network = FaultProxy.StartFor(thread.Inbox.FlowChat.BaseUrl);
        // Cookies know no ports: one is signed in there as well.
        var there = new UriBuilder(agent.Page.Url) { Port = network.Port };
        await agent.Page.GotoAsync(there.Uri.ToString());
        await using var line = await Line.OpenAsync(agent.Page);
        await line.SlowAsync();

        var bubble = await SendAsync(agent, "Pela linha lenta");
        await agent.WriteAsync("Chegou a foto?");
        await SeesProgressAsync(agent, bubble);
        await bubble.EvaluateAsync("(bubble) => bubble.stayed = true");
        var picture = await bubble.Locator("img").BoundingBoxAsync();
        network.Fault = NetworkFault.Refusing;
        network.Cut();
        await Expect(bubble).ToContainTextAsync("Na fila");
        await agent.Window.ScreenshotAsync("upload-waiting-1440x900-light");
        Assert.Equal(picture!.Height, (await bubble.Locator("img").BoundingBoxAsync())!.Height);
        await line.MendAsync();
        network.Fault = NetworkFault.None;

        await agent.SeesAsync("Pela linha lenta", "sent");
        await agent.SeesAsync("Chegou a foto?", "sent");
        Assert.True(await bubble.EvaluateAsync<bool>("(bubble) => bubble.stayed"));
        await Expect(bubble.GetByRole(AriaRole.Progressbar)).ToHaveCountAsync(0);
        await AssertSentOnceAsync("Pela linha lenta");
        var after = await agent.Bubble("Chegou a foto?").BoundingBoxAsync();
        Assert.True((await bubble.BoundingBoxAsync())!.Y < after!.Y);
        agent.AssertQuiet();
    }

    [Fact(Timeout = 180_000)]
    public async Task What_a_closed_page_left_goes_on_in_the_next_one()
    {
        var agent = await thread.ShowAsync(Ana);
        await using var line = await Line.OpenAsync(agent.Page);
        await line.SlowAsync();

        await SeesProgressAsync(agent, await SendAsync(agent, "Antes de fechar"));
        await agent.Page.ReloadAsync();

        var bubble = agent.Bubble("Antes de fechar");
        await SeesProgressAsync(agent, bubble);
        await Expect(bubble.Locator("img")).ToBeVisibleAsync();
        await line.MendAsync();
        await agent.SeesAsync("Antes de fechar", "sent");
        await AssertSentOnceAsync("Antes de fechar");
    }

    private static async Task<ILocator> SendAsync(AgentWindow agent, string caption)
    {
        await agent
            .Page.Locator("input[data-picks=seen]")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "vitrine.jpg",
                    MimeType = "image/jpeg",
                    Buffer = LargePhoto,
                }
            );
        await agent.Page.GetByLabel("Legenda de vitrine.jpg").Last.FillAsync(caption);
        await agent.Page.Keyboard.PressAsync("Enter");
        await Expect(agent.Bubble(caption)).ToHaveAttributeAsync("data-status", "queued");
        return agent.Bubble(caption);
    }

    /// <summary>Some of it has left, and then more.</summary>
    private static async Task SeesProgressAsync(AgentWindow agent, ILocator bubble)
    {
        var bar = bubble.GetByRole(AriaRole.Progressbar);
        await Expect(bar).Not.ToHaveJSPropertyAsync("value", 0);
        var some = await bar.EvaluateAsync<double>("(bar) => bar.value");
        await agent.Page.WaitForFunctionAsync(
            "([bar, some]) => bar.value > some",
            new object[] { (await bar.ElementHandleAsync())!, some }
        );
        Assert.InRange(some, 0.001, 0.9);
    }

    private async Task AssertSentOnceAsync(string caption)
    {
        var sent = await thread.Inbox.Gateway.Sent.WaitAsync(one => one.Text == caption, Ct);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(LargePhoto)), sent.File!.Sha256);
        Assert.Single(thread.Inbox.Gateway.Sent.All, one => one.Text == caption);
    }

    /// <summary>The browser's own, between the page and its server.</summary>
    private sealed class Line(ICDPSession session) : IAsyncDisposable
    {
        public static async Task<Line> OpenAsync(IPage page)
        {
            var session = await page.Context.NewCDPSessionAsync(page);
            await session.SendAsync("Network.enable");
            return new(session);
        }

        public Task SlowAsync() => BecomeAsync(SlowBytesPerSecond);

        public Task MendAsync() => BecomeAsync(-1);

        public async ValueTask DisposeAsync()
        {
            await MendAsync();
            await session.DetachAsync();
        }

        private async Task BecomeAsync(int upload) =>
            await session.SendAsync(
                "Network.emulateNetworkConditions",
                new Dictionary<string, object>
                {
                    ["offline"] = false,
                    ["latency"] = 0,
                    ["downloadThroughput"] = -1,
                    ["uploadThroughput"] = upload,
                }
            );
    }
}
