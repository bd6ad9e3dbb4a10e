using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Samples;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What somebody reads stays where it is.</summary>
public sealed class NothingJumpsTests(Inbox inbox) : IClassFixture<Inbox>
{
    [Fact(Timeout = 120_000)]
    public async Task A_picture_has_its_room_before_it_is_there()
    {
        var bia = new Person("5511970000990", "7990", "Bia Larga");
        var picture = new TextMessage(inbox.Number.Number, bia, "")
        {
            Message = MessageKinds.Image("Do tamanho dela"),
            SentAt = TimeProvider.System.GetUtcNow(),
        };
        inbox.Gateway.Media[picture.Id] = new FakeMedium(
            "application/octet-stream",
            Sample.Read(Sample.Photo)
        );
        await using var agent = await inbox.SignInAsync();
        var arrives = new TaskCompletionSource();
        await agent.Page.RouteAsync(
            "**/content",
            async route =>
            {
                await arrives.Task;
                await route.ContinueAsync();
            }
        );
        await inbox.Number.PostAsync(picture.ToEnvelope());
        await agent.OpenAsync(bia.Name);
        var image = agent.Bubble("Do tamanho dela").Locator("img");
        await Expect(image).ToHaveCountAsync(1);
        var room = await image.BoundingBoxAsync();
        Assert.False(await image.EvaluateAsync<bool>("(one) => one.complete"));

        arrives.SetResult();

        await Expect(image).Not.ToHaveJSPropertyAsync("naturalWidth", 0);
        Assert.Equal(room!.Height, (await image.BoundingBoxAsync())!.Height, 1.0);
        Assert.InRange(room.Height, 40, 600);
        agent.AssertQuiet();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_bubble_stays_as_wide_as_it_was_when_its_actions_come()
    {
        var zoe = new Person("5511970000991", "7991", "Zoe Larga");
        await inbox.Number.PostAsync(
            new TextMessage(inbox.Number.Number, zoe, "")
            {
                Message = MessageKinds.Location(),
                SentAt = TimeProvider.System.GetUtcNow(),
            }.ToEnvelope()
        );
        await inbox.Number.ReceiveAsync(zoe, "Depois");
        await using var agent = await inbox.SignInAsync();
        await agent.OpenAsync(zoe.Name);
        await agent.Page.SetViewportSizeAsync(390, 844);
        var place = agent.Bubble("MASP").Locator("[data-bubble]");
        await agent.Bubble("Depois").HoverAsync();
        var before = await place.BoundingBoxAsync();

        await place.HoverAsync();

        var actions = agent.Bubble("MASP").GetByRole(AriaRole.Button, new() { Name = "Responder" });
        await Expect(actions).ToBeInViewportAsync(new() { Ratio = 1 });
        Assert.Equal(before!.Width, (await place.BoundingBoxAsync())!.Width, 0.5);
    }
}
