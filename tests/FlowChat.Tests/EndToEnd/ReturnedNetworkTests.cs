using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Samples;
using Microsoft.Playwright;
using static FlowChat.Tests.EndToEnd.OpenThread;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What a page couldn't have while it had no network it has once there is one.</summary>
public sealed class ReturnedNetworkTests(OpenThread thread) : IClassFixture<OpenThread>
{
    private const string IsDrawn = "(picture) => picture.complete && picture.naturalWidth > 0";

    [Fact(Timeout = 90_000)]
    public async Task A_picture_that_failed_meanwhile_is_drawn_in_the_thread_and_among_the_media()
    {
        var agent = await thread.ShowAsync(Ana);
        await agent.Page.RouteAsync(
            "**/content",
            route => route.AbortAsync("internetdisconnected")
        );
        var bubble = await thread.ReceiveAsync(
            thread.MessageOf(Ana, MessageKinds.Image(), Sample.Photo)
        );
        await Expect(bubble.Locator("[data-state=unavailable]")).ToBeVisibleAsync();

        await agent.Page.UnrouteAllAsync();
        await agent.Page.Context.SetOfflineAsync(true);
        await agent.Page.Context.SetOfflineAsync(false);

        await DrawnAsync(bubble.Locator("img"));
        await DrawnAsync(agent.Page.GetByLabel("Detalhes").Locator("li img"));
    }

    private static async Task DrawnAsync(ILocator picture)
    {
        await Expect(picture).ToBeVisibleAsync();
        await picture.Page.WaitForFunctionAsync(IsDrawn, await picture.ElementHandleAsync());
    }
}
