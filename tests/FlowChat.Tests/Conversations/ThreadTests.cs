using System.Net;
using FlowChat.Json;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Conversations;

/// <summary>A thread in the order (WhatsApp's time, arrival), page by page in both directions.</summary>
public sealed class ThreadTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FlowChatClient Client => flowChat.Server.Client;

    [Fact]
    public async Task A_late_message_takes_its_place_and_equal_times_keep_their_arrival()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await ReceiveAsync(number, "b", second: 5);
        await ReceiveAsync(number, "c", second: 5);
        await ReceiveAsync(number, "a", second: 1);
        await ReceiveAsync(number, "d", second: 5);

        var thread = await number.ThreadAsync((await number.StartAsync(Ct)).Id, Ct);

        Assert.Equal(["a", "b", "c", "d"], thread.Select(message => message.Text));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(50)]
    public async Task Pages_back_and_forth_show_each_message_once(int limit)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        string[] texts = [.. Enumerable.Range(10, 11).Select(n => $"{n}")];
        foreach (var text in texts)
        {
            // Four to a second, as nothing but arrival tells them apart.
            await ReceiveAsync(number, text, second: int.Parse(text, null) / 4);
        }
        var id = (await number.StartAsync(Ct)).Id;

        var back = await WalkAsync(id, "before", limit);
        Assert.Equal(texts, ((IEnumerable<List<string>>)back).Reverse().SelectMany(page => page));

        // From the oldest page on, forward again.
        var oldest = (await Client.MessagesAsync(id, Ct, "?limit=200")).Items[0];
        var forth = await WalkAsync(id, "after", limit, CursorOf(oldest));
        Assert.Equal(texts.Skip(1), forth.SelectMany(page => page));
    }

    [Fact]
    public async Task New_messages_do_not_move_what_lies_before_a_cursor()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        for (var n = 1; n <= 6; n++)
        {
            await ReceiveAsync(number, $"{n}", second: 7);
        }
        var id = (await number.StartAsync(Ct)).Id;
        var newest = await Client.MessagesAsync(id, Ct, "?limit=2");

        await ReceiveAsync(number, "7", second: 7);
        await ReceiveAsync(number, "8", second: 9);
        var older = await Client.MessagesAsync(id, Ct, $"?limit=2&before={newest.NextCursor}");

        Assert.Equal(["5", "6"], newest.Items.Select(message => message.Text));
        Assert.Equal(["3", "4"], older.Items.Select(message => message.Text));
    }

    [Theory]
    [InlineData(1, "e", true, true)]
    [InlineData(2, "e f", true, true)]
    [InlineData(5, "c d e f g", true, true)]
    [InlineData(8, "b c d e f g h i", true, false)]
    [InlineData(50, "a b c d e f g h i", false, false)]
    public async Task Around_a_message_stands_what_came_before_and_after_it(
        int limit,
        string expected,
        bool older,
        bool newer
    )
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        string[] texts = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        foreach (var text in texts)
        {
            await ReceiveAsync(number, text, second: text[0] / 4);
        }
        var id = (await number.StartAsync(Ct)).Id;
        var all = await Client.MessagesAsync(id, Ct);

        var page = await Client.MessagesAsync(id, Ct, $"?around={all.Items[4].Id}&limit={limit}");

        Assert.Equal(expected, Join(page));
        Assert.Equal((older, newer), (page.NextCursor is not null, page.NewerCursor is not null));
        if (older)
        {
            var before = await Client.MessagesAsync(id, Ct, $"?before={page.NextCursor}");
            Assert.Equal(
                "a b c d e f g h i"[..("abcdefghi".IndexOf(expected[0]) * 2 - 1)],
                Join(before)
            );
        }
        if (newer)
        {
            var after = await Client.MessagesAsync(id, Ct, $"?after={page.NewerCursor}");
            Assert.Equal(
                "a b c d e f g h i"[(("abcdefghi".IndexOf(expected[^1]) + 1) * 2)..],
                Join(after)
            );
        }

        static string Join(Page<Message> page) => string.Join(' ', page.Items.Select(m => m.Text));
    }

    [Fact]
    public async Task Around_a_message_of_another_thread_is_not_found_and_beside_a_cursor_is_refused()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await ReceiveAsync(number, "a", second: 1);
        var message = (await Client.MessagesAsync((await number.StartAsync(Ct)).Id, Ct)).Items[0];
        var other = await number.StartAsync(Ct, person: 2);

        using var elsewhere = await Client.Http.GetAsync(
            $"/api/conversations/{other.Id}/messages?around={message.Id}",
            Ct
        );
        using var both = await Client.Http.GetAsync(
            $"/api/conversations/{message.ConversationId}/messages?around={message.Id}&before={CursorOf(message)}",
            Ct
        );

        Assert.Equal(
            (HttpStatusCode.NotFound, HttpStatusCode.BadRequest),
            (elsewhere.StatusCode, both.StatusCode)
        );
        Assert.Contains("\"around\"", await both.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task A_thread_without_messages_is_empty_and_one_that_does_not_exist_is_not_found()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);

        var page = await Client.MessagesAsync(conversation.Id, Ct);
        using var missing = await Client.Http.GetAsync(
            $"/api/conversations/{Guid.CreateVersion7()}/messages",
            Ct
        );

        Assert.Empty(page.Items);
        Assert.Null(page.NextCursor);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public async Task A_cursor_that_is_none_is_refused_by_name(string name)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);

        using var answer = await Client.Http.GetAsync(
            $"/api/conversations/{conversation.Id}/messages?{name}=nonsense",
            Ct
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"{name}\"", await answer.Content.ReadAsStringAsync(Ct));
    }

    private async Task<List<List<string>>> WalkAsync(
        Guid conversationId,
        string direction,
        int limit,
        string? cursor = null
    )
    {
        var pages = new List<List<string>>();
        do
        {
            var page = await Client.MessagesAsync(
                conversationId,
                Ct,
                $"?limit={limit}{(cursor is null ? "" : $"&{direction}={cursor}")}"
            );
            pages.Add([.. page.Items.Select(message => message.Text!)]);
            cursor = page.NextCursor;
        } while (cursor is not null);
        return pages;
    }

    /// <summary>The place of a message, as a page that ends with it would give.</summary>
    private static string CursorOf(Message message) =>
        new Cursor(message.SentAt, $"{message.Arrival}").ToString();

    private static Task<WebhookDelivery> ReceiveAsync(TestNumber number, string text, int second) =>
        number.Fake.PostAsync(
            new TextMessage(number.Fake.Number, Person.Number(1), text)
            {
                SentAt = Start.AddSeconds(second),
            }.ToEnvelope()
        );
}
