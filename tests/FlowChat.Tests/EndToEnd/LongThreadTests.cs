using FlowChat.Testing;
using FlowChat.Testing.Evolution.Payloads;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>A part of a long history is read without what lies between it and the end.</summary>
public sealed class LongThreadTests(Inbox inbox) : IClassFixture<Inbox>
{
    private const int Said = 20_000;

    private const string ScrollToEndOfPart = """
        (scroller) => new Promise((done) => {
          scroller.scrollTop = scroller.scrollHeight;
          requestAnimationFrame(done);
        })
        """;

    private static readonly Person Writer = new("5511910000000", "3000", FullInbox.LongestName);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_quote_of_long_ago_is_shown_at_once_and_the_end_is_found_again()
    {
        await FullInbox.FillAsync(inbox.ConnectionString, inbox.Instance.Id, 5, Said, Ct);
        await using var agent = await inbox.SignInAsync();
        await agent.OpenAsync(FullInbox.LongestName);
        await inbox.Number.PostAsync(
            new TextMessage(inbox.Number.Number, Writer, "Ainda vale?")
            {
                SentAt = TimeProvider.System.GetUtcNow(),
                ContextInfo = MessageKinds.Quoting(await WaIdOfAsync(100), Writer, "Mensagem 100"),
            }.ToEnvelope()
        );
        var asked = 0;
        agent.Page.Request += (_, request) =>
            asked += request.Url.Contains("/messages?", StringComparison.Ordinal) ? 1 : 0;

        await agent
            .Bubble("Ainda vale?")
            .GetByRole(AriaRole.Button, new() { Name = "Ir para a mensagem" })
            .ClickAsync();

        await Expect(Old(agent, 100)).ToBeInViewportAsync();
        Assert.InRange(asked, 1, 3);
        await inbox.Number.ReceiveAsync(Writer, "Alguém aí?");
        await Expect(agent.Row(Writer.Name)).ToContainTextAsync("Alguém aí?");
        await Expect(agent.Bubble("Alguém aí?")).ToHaveCountAsync(0);

        await ScrollDownToAsync(agent, 400);
        var letGo = await HoldNextPageAsync(agent);
        await agent.Button("Ir para o fim").ClickAsync();
        await Expect(agent.Bubble("Alguém aí?")).ToBeInViewportAsync();
        await letGo();
        await Expect(agent.Bubble("Alguém aí?")).ToBeInViewportAsync();
        await Expect(agent.Button("Ir para o fim")).ToHaveCountAsync(0);
        agent.AssertQuiet();
    }

    private static ILocator Messages(AgentWindow agent) =>
        agent.Page.GetByRole(AriaRole.Region, new() { Name = "Mensagens com" });

    private static ILocator Old(AgentWindow agent, int nth) =>
        agent
            .Page.Locator("[data-message-id]")
            .GetByText($"Mensagem {nth}", new() { Exact = true });

    /// <summary>As a wheel does: what lies below is loaded as it is neared.</summary>
    private static async Task ScrollDownToAsync(AgentWindow agent, int nth)
    {
        await Messages(agent)
            .EvaluateAsync(
                """
                (scroller, goal) => new Promise((done) => {
                  const step = () => {
                    if (scroller.textContent.includes(goal)) return done();
                    scroller.scrollTop += 400;
                    requestAnimationFrame(step);
                  };
                  step();
                })
                """,
                $"Mensagem {nth}"
            );
        await Expect(Old(agent, nth)).ToHaveCountAsync(1);
    }

    /// <summary>Scrolls until another page is asked for. It is answered when it is let go.</summary>
    private static async Task<Func<Task>> HoldNextPageAsync(AgentWindow agent)
    {
        var asked = new TaskCompletionSource<IRoute>();
        await agent.Page.RouteAsync(
            url => url.Contains("around=", StringComparison.Ordinal),
            route => asked.TrySetResult(route) ? Task.CompletedTask : route.ContinueAsync()
        );
        while (!asked.Task.IsCompleted)
            await Messages(agent).EvaluateAsync(ScrollToEndOfPart);
        var held = await asked.Task;
        return async () =>
        {
            var answered = agent.Page.WaitForResponseAsync(held.Request.Url);
            await held.ContinueAsync();
            await (await answered).FinishedAsync();
        };
    }

    private async Task<string> WaIdOfAsync(int nth)
    {
        await using var connection = new NpgsqlConnection(inbox.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(
            $"set role flowchat_migrator; select wa_id from flowchat.messages where text = 'Mensagem {nth}'",
            connection
        );
        return (string)(await command.ExecuteScalarAsync(Ct))!;
    }
}
