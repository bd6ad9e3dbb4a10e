using System.Net;
using System.Net.Http.Json;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Conversations;

public sealed class ConversationListTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FlowChatClient Client => flowChat.Server.Client;

    [Fact]
    public async Task The_newest_activity_comes_first()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await ReceiveAsync(number, 1, minute: 1);
        await ReceiveAsync(number, 2, minute: 3);
        await ReceiveAsync(number, 3, minute: 2);
        Assert.Equal(["Contact 2", "Contact 3", "Contact 1"], await NamesAsync(number));

        await ReceiveAsync(number, 1, minute: 4);
        Assert.Equal(["Contact 1", "Contact 2", "Contact 3"], await NamesAsync(number));

        // A webhook that was late changes neither the order nor what is shown as the last message.
        await ReceiveAsync(number, 3, minute: 0, "Atrasada");
        Assert.Equal(["Contact 1", "Contact 2", "Contact 3"], await NamesAsync(number));
        var late = (await ListAsync(number)).Items[^1];
        Assert.Equal("Oi", late.LastMessage!.Text);
    }

    [Fact]
    public async Task Filters_narrow_the_list_and_none_shows_all()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await using var other = await flowChat.ConnectAsync(Ct);
        await ReceiveAsync(number, 1, minute: 1);
        await ReceiveAsync(number, 2, minute: 2);
        await ReceiveAsync(number, 3, minute: 3);
        await ReceiveAsync(other, 1, minute: 4);
        await ChangeAsync(await FindAsync(number, "Contact 1"), "resolved");
        await ChangeAsync(await FindAsync(number, "Contact 2"), "snoozed");

        Assert.Equal(["Contact 3", "Contact 2", "Contact 1"], await NamesAsync(number));
        Assert.Equal(["Contact 3"], await NamesAsync(number, "&status=open"));
        Assert.Equal(["Contact 2"], await NamesAsync(number, "&status=snoozed"));
        Assert.Equal(["Contact 1"], await NamesAsync(number, "&status=resolved"));
        Assert.Equal(["Contact 1"], await NamesAsync(other));
        Assert.Empty(await NamesAsync(number, $"&assignee={Guid.CreateVersion7()}"));
    }

    [Theory]
    [InlineData("?status=closed", "status")]
    [InlineData("?cursor=nonsense", "cursor")]
    public async Task What_no_list_has_is_refused(string query, string field)
    {
        using var answer = await Client.Http.GetAsync("/api/conversations" + query, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"{field}\"", await answer.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task Search_finds_names_groups_and_digits()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        Person[] people =
        [
            new("5511987650001", "1001", "João d'Ávila"),
            new("5521912340002", "1002", "100% Loja_Aurora"),
            new("5531955550003", "1003", "Ana\\Bia"),
        ];
        foreach (var person in people)
        {
            await ReceiveAsync(number, person, minute: 1);
        }

        Assert.Equal(["João d'Ávila"], await SearchAsync("joão"));
        Assert.Equal(["João d'Ávila"], await SearchAsync("  D'Á "));
        Assert.Equal(["João d'Ávila"], await SearchAsync("+55 (11) 98765-0001"));
        Assert.Equal(["100% Loja_Aurora"], await SearchAsync("12340002"));
        // Signs of the database's patterns are letters like others.
        Assert.Equal(["100% Loja_Aurora"], await SearchAsync("%"));
        Assert.Equal(["100% Loja_Aurora"], await SearchAsync("a_a"));
        Assert.Equal(["Ana\\Bia"], await SearchAsync("\\"));
        Assert.Empty(await SearchAsync("ninguém"));
        Assert.Equal(3, (await SearchAsync(" ")).Count);

        Task<IReadOnlyList<string?>> SearchAsync(string text) =>
            NamesAsync(number, $"&q={Uri.EscapeDataString(text)}");
    }

    [Fact]
    public async Task Pages_show_each_conversation_once_while_others_move_to_the_top()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        // Three share each minute: a page ends in the middle of a tie.
        for (var person = 1; person <= 12; person++)
        {
            await ReceiveAsync(number, person, minute: person / 3);
        }
        var expected = (await ListAsync(number)).Items.Select(shown => shown.Id).ToList();

        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await ListAsync(
                number,
                $"&limit=5{(cursor is null ? "" : "&cursor=" + cursor)}"
            );
            Assert.InRange(page.Items.Count, 1, 5);
            seen.AddRange(page.Items.Select(shown => shown.Id));
            cursor = page.NextCursor;
            // One that was shown, and one that nobody knew.
            await ReceiveAsync(number, 12, minute: 30 + seen.Count);
            await ReceiveAsync(number, 20 + seen.Count, minute: 30 + seen.Count);
        } while (cursor is not null);

        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task Reading_clears_what_is_unread_once()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await ReceiveAsync(number, 1, minute: 1);
        await ReceiveAsync(number, 1, minute: 2);
        var conversation = await FindAsync(number, "Contact 1");
        Assert.Equal(2, conversation.UnreadCount);
        var before = await number.LastSeqAsync(Ct);

        await PostReadAsync(conversation.Id, HttpStatusCode.NoContent);
        await PostReadAsync(conversation.Id, HttpStatusCode.NoContent);

        Assert.Equal(0, (await FindAsync(number, "Contact 1")).UnreadCount);
        var live = Assert.Single((await Client.EventsAsync(before, Ct)).Items);
        Assert.Equal(("conversation.updated", 0), (live.Type, live.Conversation!.UnreadCount));
        await PostReadAsync(Guid.CreateVersion7(), HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("resolved")]
    [InlineData("snoozed")]
    public async Task An_incoming_message_reopens_and_an_answer_does_not(string status)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await ReceiveAsync(number, 1, minute: 1);
        var conversation = await FindAsync(number, "Contact 1");
        await ChangeAsync(conversation, status);
        Assert.Equal(status, (await FindAsync(number, "Contact 1")).Status);

        await number.WaitAsync(await number.SendAsync(conversation, "Até mais", Ct), "sent", Ct);
        Assert.Equal(status, (await FindAsync(number, "Contact 1")).Status);

        await ReceiveAsync(number, 1, minute: 2);
        Assert.Equal("open", (await FindAsync(number, "Contact 1")).Status);
    }

    [Fact]
    public async Task A_status_that_does_not_exist_is_refused_and_the_same_one_is_no_event()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var before = await number.LastSeqAsync(Ct);

        using var unknown = await PatchAsync(conversation.Id, "closed");
        using var same = await PatchAsync(conversation.Id, "open");
        using var missing = await PatchAsync(Guid.CreateVersion7(), "open");

        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.NotFound],
            new[] { unknown.StatusCode, same.StatusCode, missing.StatusCode }
        );
        Assert.Equal(before, await number.LastSeqAsync(Ct));
    }

    [Fact]
    public async Task Starting_finds_the_conversation_that_is_there()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await ReceiveAsync(number, 1, minute: 1);

        var started = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => number.StartAsync(Ct, person: 1 + (i % 2)))
        );

        Assert.Equal(2, started.Select(shown => shown.Id).Distinct().Count());
        Assert.Equal(2, (await ListAsync(number)).Items.Count);
        Assert.Equal((await FindAsync(number, "Contact 1")).Id, started[0].Id);
    }

    private static Task<WebhookDelivery> ReceiveAsync(
        TestNumber number,
        int person,
        int minute,
        string text = "Oi"
    ) => ReceiveAsync(number, Person.Number(person), minute, text);

    private static Task<WebhookDelivery> ReceiveAsync(
        TestNumber number,
        Person person,
        int minute,
        string text = "Oi"
    ) =>
        number.Fake.PostAsync(
            new TextMessage(number.Fake.Number, person, text)
            {
                SentAt = Start.AddMinutes(minute),
            }.ToEnvelope()
        );

    private Task<Page<Conversation>> ListAsync(TestNumber number, string query = "") =>
        Client.ConversationsAsync(Ct, $"?instance_id={number.Instance.Id}{query}");

    private async Task<IReadOnlyList<string?>> NamesAsync(TestNumber number, string query = "") =>
        [.. (await ListAsync(number, query)).Items.Select(shown => shown.Contact?.Name)];

    private async Task<Conversation> FindAsync(TestNumber number, string name) =>
        (await ListAsync(number)).Items.Single(shown => shown.Contact!.Name == name);

    private async Task ChangeAsync(Conversation conversation, string status)
    {
        using var answer = await PatchAsync(conversation.Id, status);
        answer.EnsureSuccessStatusCode();
    }

    private Task<HttpResponseMessage> PatchAsync(Guid id, string status) =>
        Client.Http.PatchAsJsonAsync($"/api/conversations/{id}", new { status }, Ct);

    private async Task PostReadAsync(Guid id, HttpStatusCode expected)
    {
        using var answer = await Client.Http.PostAsync($"/api/conversations/{id}/read", null, Ct);
        Assert.Equal(expected, answer.StatusCode);
    }
}
