using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>A page that was away while much happened is in the end as one that is loaded afresh.</summary>
public sealed class MissedEventsTests(Inbox inbox) : IClassFixture<Inbox>
{
    private const int Events = 500;
    private const int People = 40;
    private const string Reconnecting = "Reconectando…";

    /// <summary>What somebody sees who scrolls through the list and the thread.</summary>
    private const string Shown = """
        () => {
          const from = (selector, ...attributes) =>
            [...document.querySelectorAll(selector)]
              .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
              .map((one) => [...attributes.map((name) => one.getAttribute(name)), one.innerText].join(" | "));
          return [
            document.title,
            ...from("a[data-conversation-id]", "data-conversation-id", "data-unread"),
            ...from("[data-message-id]", "data-message-id", "data-status", "data-type"),
          ];
        }
        """;

    private static readonly DateTimeOffset Start = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    private readonly List<TextMessage> _received = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory(Timeout = 180_000)]
    [InlineData("Eva Reis", true)]
    [InlineData("Ivo Reis", false)]
    public async Task A_page_that_missed_500_events_is_as_one_loaded_afresh(string name, bool kept)
    {
        var opened = Person.Number(kept ? 8_000 : 9_000) with { Name = name };
        // The newest, so that it is in view.
        var start = kept ? Start : TimeProvider.System.GetUtcNow();
        await ReceiveAsync(opened, start);
        await using var agent = await OfflineAgent.SignInAsync(inbox);
        await agent.Window.OpenAsync(name);
        await Expect(agent.Window.Bubble("Mensagem")).ToHaveCountAsync(1);
        await agent.GoOfflineAsync();
        var before = await LastSeqAsync();
        await HappenAsync(new Random(kept ? 1 : 2), opened, start, before);
        if (!kept)
            await ForgetEventsAsync(before);
        agent.GoOnline();

        await Expect(agent.Window.Page.GetByText(Reconnecting)).ToBeHiddenAsync();
        await using var fresh = await agent.OpenTabAsync();
        var id = Guid.Parse(new Uri(agent.Window.Page.Url).Segments[^1]);
        var goal = await ShownAsync(fresh, id);
        Assert.True(goal.Length > 2 * People, $"Only {goal.Length} rows and bubbles.");
        Assert.Equal(goal, await ShownAsync(agent.Window, id));
        agent.Window.AssertQuiet();
    }

    /// <summary>All of it, once nothing is under way any more.</summary>
    private async Task<string[]> ShownAsync(AgentWindow agent, Guid openedId)
    {
        var page = agent.Page;
        // So high that nothing has to be scrolled to.
        await page.SetViewportSizeAsync(1440, 9_000);
        await Expect(agent.Rows).ToHaveCountAsync((await ConversationsAsync()).Count);
        var messages = await inbox.Client.MessagesAsync(openedId, Ct, "?limit=200");
        Assert.Null(messages.NextCursor);
        await Expect(page.Locator("[data-message-id]")).ToHaveCountAsync(messages.Items.Count);
        await Expect(page.Locator("a[aria-current][data-unread]")).ToHaveCountAsync(0);
        foreach (var attribute in (string[])["data-status", "data-preview"])
        {
            var moving = $"[{attribute}=queued], [{attribute}=sending]";
            await Expect(page.Locator(moving)).ToHaveCountAsync(0);
        }
        return await page.EvaluateAsync<string[]>(Shown);
    }

    private async Task HappenAsync(Random random, Person opened, DateTimeOffset start, long before)
    {
        for (var at = start.AddMinutes(1); await LastSeqAsync() < before + Events; )
        {
            var conversations = await ConversationsAsync();
            for (var i = 0; i < 25; i++)
            {
                // Some come late.
                at = at.AddSeconds(random.Next(-20, 40));
                var one = conversations[random.Next(conversations.Count)];
                var from = random.Next(4) == 0 ? opened : Person.Number(random.Next(People));
                await HappensAsync(random.Next(12), from, one.Id, at);
            }
        }
    }

    private async Task HappensAsync(int what, Person from, Guid conversationId, DateTimeOffset at)
    {
        var number = inbox.Number.Number;
        var key = _received[at.Second % _received.Count].Key;
        var (path, text) = ($"/api/conversations/{conversationId}", $"às {at:O}");
        switch (what)
        {
            case 0:
                var edit = MessageKinds.Edit(key, text, at, true);
                await PostAsync(number.Envelope("messages.edited", edit, at));
                break;
            case 1:
                var revoke = MessageKinds.Revoke(key, true);
                await PostAsync(number.Envelope("messages.edited", revoke, at));
                break;
            case 2:
                var reaction = MessageKinds.Reaction(key, "👍", at);
                await PostAsync(
                    new TextMessage(number, from, "")
                    {
                        Message = reaction,
                        SentAt = at,
                    }.ToEnvelope()
                );
                break;
            case 3:
                await inbox.Client.SendAsync(conversationId, $"{Guid.CreateVersion7()}", text, Ct);
                break;
            case 4:
                using (var read = await inbox.Client.Http.PostAsync($"{path}/read", null, Ct))
                    read.EnsureSuccessStatusCode();
                break;
            case 5:
                var change = new { status = at.Second % 2 == 0 ? "resolved" : "open" };
                using (var changed = await inbox.Client.Http.PatchAsJsonAsync(path, change, Ct))
                    changed.EnsureSuccessStatusCode();
                break;
            default:
                await ReceiveAsync(from, at);
                break;
        }
    }

    private async Task ReceiveAsync(Person from, DateTimeOffset at)
    {
        var message = new TextMessage(inbox.Number.Number, from, $"Mensagem {at:O}")
        {
            SentAt = at,
        };
        _received.Add(message);
        await PostAsync(message.ToEnvelope());
    }

    private async Task PostAsync(JsonObject envelope) =>
        Assert.True((await inbox.Number.PostAsync(envelope)).Accepted);

    private async Task<IReadOnlyList<Conversation>> ConversationsAsync() =>
        (await inbox.Client.ConversationsAsync(Ct, "?limit=200")).Items;

    private async Task<long> LastSeqAsync() => (await inbox.Client.EventsAsync(0, Ct, 1)).LastSeq;

    /// <summary>As housekeeping does; a node that runs has the newest in memory.</summary>
    private async Task ForgetEventsAsync(long before)
    {
        await inbox.FlowChat.KillAsync(Ct);
        await using var connection = new NpgsqlConnection(inbox.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(
            $"set role flowchat_migrator; delete from flowchat.events where seq < {before + Events / 2}",
            connection
        );
        await command.ExecuteNonQueryAsync(Ct);
        await inbox.FlowChat.StartAgainAsync(Ct);
        Assert.Equal("reset", (await inbox.Client.EventsAsync(before, Ct)).Items[0].Type);
    }
}
