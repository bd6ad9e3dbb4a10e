using System.Globalization;
using FlowChat.Testing.Evolution.Payloads;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>A list that somebody has scrolled stays under their eyes, however much comes in above.</summary>
public sealed class HeldListTests(Inbox inbox) : IClassFixture<Inbox>
{
    private const int Rows = 60;

    private const string FirstInView = """
        () => {
          const rows = [...document.querySelectorAll('a[data-conversation-id]')];
          return rows.find((row) => row.getBoundingClientRect().top >= 250).dataset.conversationId;
        }
        """;

    [Fact(Timeout = 180_000)]
    public async Task A_row_stays_where_it_is_while_new_ones_come_and_old_ones_move_to_the_top()
    {
        var people = Enumerable.Range(0, Rows).Select(n => One(n, "Conhecido")).ToList();
        foreach (var person in people)
            await inbox.Number.ReceiveAsync(person, "Oi");
        await using var agent = await inbox.SignInAsync();
        await Expect(agent.Row(people[^1].Name)).ToBeVisibleAsync();
        await agent.Row(people[^1].Name).HoverAsync();
        await agent.Page.Mouse.WheelAsync(0, 700);
        await Expect(agent.Row(people[^1].Name)).Not.ToBeInViewportAsync();
        var held = agent.Page.Locator(
            $"a[data-conversation-id='{await agent.Page.EvaluateAsync<string>(FirstInView)}']"
        );
        var before = await held.BoundingBoxAsync();

        // The oldest ones are at the end of the list, and go to its top.
        await Task.WhenAll(
            Enumerable.Range(0, 20).Select(n => inbox.Number.ReceiveAsync(people[n], "De novo"))
        );
        await Task.WhenAll(
            Enumerable.Range(0, 20).Select(n => inbox.Number.ReceiveAsync(One(n, "Novo"), "Oi"))
        );
        // As many as wait: the page has all of it.
        await Expect(agent.Page).ToHaveTitleAsync($"({Rows + 20}) FlowChat");

        Assert.Equal(before!.Y, (await held.BoundingBoxAsync())!.Y, 1.0);
    }

    private static Person One(int n, string name) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"55119{(name == "Novo" ? 5 : 6)}00{n:00000}"
            ),
            $"{name}{n}",
            $"{name} {n:00}"
        );
}
