using FlowChat.Testing.Evolution.Payloads;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What somebody reads in a thread stays under their eyes, however much comes in below.</summary>
public sealed class HeldThreadTests(Inbox inbox) : IClassFixture<Inbox>
{
    private const int Before = 90;
    private const int News = 200;

    /// <summary>Of the first message that is wholly in view: its place, looked at in each frame from now on.</summary>
    private const string Watch = """
        (scroller) => {
          const { top } = scroller.getBoundingClientRect();
          const held = [...scroller.querySelectorAll('[data-message-id]')]
            .find((one) => one.getBoundingClientRect().top >= top + 20);
          const at = held.getBoundingClientRect().top;
          window.moved = 0;
          const look = () => {
            const now = held.isConnected ? held.getBoundingClientRect().top : Infinity;
            window.moved = Math.max(window.moved, Math.abs(now - at));
            requestAnimationFrame(look);
          };
          look();
        }
        """;

    [Fact(Timeout = 240_000)]
    public async Task What_is_read_stays_where_it_is_and_the_end_is_followed_from_there_only()
    {
        var lia = new Person("5511987650044", "1044", "Lia Longa");
        await ReceiveAsync(lia, "Antes", Before);
        await using var agent = await inbox.SignInAsync();
        await agent.OpenAsync(lia.Name);
        await Expect(agent.Bubble($"Antes {Before:000}")).ToBeInViewportAsync();
        var thread = agent.Page.GetByRole(AriaRole.Region, new() { Name = "Mensagens com" });
        await thread.HoverAsync();
        await agent.Page.Mouse.WheelAsync(0, -2_500);
        await Expect(agent.Bubble($"Antes {Before:000}")).Not.ToBeInViewportAsync();
        await SettleAsync(agent);

        await thread.EvaluateAsync(Watch);
        await ReceiveAsync(lia, "Depois", News);
        await Expect(agent.Button($"{News} mensagens novas")).ToBeVisibleAsync();
        await SettleAsync(agent);

        Assert.Equal(0, await agent.Page.EvaluateAsync<double>("window.moved"));
        await agent.Window.ScreenshotAsync("held-thread-1440x900-light");
        await agent.Button($"{News} mensagens novas").ClickAsync();
        await Expect(agent.Bubble($"Depois {News:000}")).ToBeInViewportAsync(new() { Ratio = 1 });
        await ReceiveAsync(lia, "Enfim", News);
        await Expect(agent.Bubble($"Enfim {News:000}")).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(agent.Button("Ir para o fim")).ToHaveCountAsync(0);
        agent.AssertQuiet();
    }

    /// <summary>What was asked for has been drawn.</summary>
    private static async Task SettleAsync(AgentWindow agent) =>
        await agent.Page.EvaluateAsync(
            """
            () => new Promise((done) => {
              const step = (left) => left ? requestAnimationFrame(() => step(left - 1)) : done();
              step(10);
            })
            """
        );

    /// <summary>Of one line and of many, as fast as they are taken; the last one comes last.</summary>
    private async Task ReceiveAsync(Person from, string word, int count)
    {
        foreach (var some in Enumerable.Range(1, count - 1).Chunk(10))
            await Task.WhenAll(some.Select(n => ReceiveOneAsync(from, word, n)));
        await ReceiveOneAsync(from, word, count);
    }

    private async Task ReceiveOneAsync(Person from, string word, int n)
    {
        var lines = string.Concat(Enumerable.Repeat("\ne mais", n % 4));
        var message = new TextMessage(inbox.Number.Number, from, $"{word} {n:000}{lines}")
        {
            SentAt = TimeProvider.System.GetUtcNow(),
        };
        Assert.True((await inbox.Number.PostAsync(message.ToEnvelope())).Accepted);
    }
}
