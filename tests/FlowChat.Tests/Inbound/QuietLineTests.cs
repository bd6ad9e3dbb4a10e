using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Inbound;

/// <summary>What people do in a chat without a word is a line of its thread, which nobody has to read, with what the gateway sent.</summary>
public sealed class QuietLineTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static readonly JsonObject Key = new()
    {
        ["remoteJid"] = Person.Ana.PhoneJid,
        ["fromMe"] = true,
        ["id"] = "3EB0PINNED",
    };

    private static readonly DateTimeOffset At = new(2026, 11, 20, 10, 31, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Lines =>
        new()
        {
            { "pinned", QuietKinds.Pin(Key, At).ToJsonString() },
            { "pinned", QuietKinds.Pin(Key, At, byNumber: false).ToJsonString() },
            { "unpinned", QuietKinds.Pin(Key, At, isUndone: true).ToJsonString() },
            { "unpinned", QuietKinds.Pin(Key, At, true, byNumber: false).ToJsonString() },
            { "kept", QuietKinds.Keep(Key, At).ToJsonString() },
            { "kept", QuietKinds.Keep(Key, At, byNumber: false).ToJsonString() },
            { "unkept", QuietKinds.Keep(Key, At, isUndone: true).ToJsonString() },
            { "unkept", QuietKinds.Keep(Key, At, true, byNumber: false).ToJsonString() },
            { "album", QuietKinds.Album(2, 1).ToJsonString() },
            { "voted", MessageKinds.Vote(Key, At).ToJsonString() },
        };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task It_is_a_line_once_with_what_the_gateway_sent(string says, string message)
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var words = line.From(person, "Oi");
        var quiet = line.From(person, "") with
        {
            Message = JsonNode.Parse(message)!.AsObject(),
            SentAt = words.SentAt.AddSeconds(1),
        };
        await line.PostAsync(words, Ct);

        Assert.Equal(new(1, 0, 0, 0), await line.PostAsync(quiet, Ct));
        Assert.Equal(new(0, 1, 0, 0), await line.PostAsync(quiet, Ct));

        var thread = await line.ThreadAsync(Ct);
        Assert.Equal(["text", "system"], thread.Select(m => m.Type));
        Assert.Equal((says, person.Name), (EventOf(thread[1]), ActorOf(thread[1])));
        Assert.Equal(1, (await line.ConversationAsync(Ct)).UnreadCount);
        Assert.True(JsonNode.DeepEquals(quiet.ToData(), await RawAsync(thread[1])));
    }

    [Fact]
    public async Task What_was_done_on_the_phone_names_nobody_and_in_a_group_it_says_who()
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var group = new Group("120363025246125776@g.us", "Entregas");
        var own = line.TypedTo(person, "") with { Message = QuietKinds.Pin(Key, At) };
        var theirs = line.From(person, "") with
        {
            Message = QuietKinds.Pin(Key, At),
            Group = group,
        };

        await line.PostAsync(own, Ct);
        await line.PostAsync(theirs, Ct);

        var threads = await line.ConversationsAsync(Ct);
        var direct = threads.Single(conversation => conversation.Group is null);
        Assert.Null(ActorOf(Assert.Single(await line.ThreadAsync(direct, Ct))));
        var shared = threads.Single(conversation => conversation.Group is not null);
        Assert.Equal(person.Name, ActorOf(Assert.Single(await line.ThreadAsync(shared, Ct))));
    }

    [Fact]
    public async Task An_albums_files_are_messages_of_their_own()
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var album = line.From(person, "") with { Message = QuietKinds.Album(1, 1) };
        await line.PostAsync(album, Ct);
        foreach (
            var (file, second) in new[] { (MessageKinds.Image("Um"), 1), (MessageKinds.Video(), 2) }
        )
        {
            var child = line.From(person, "") with
            {
                Message = file.InAlbum(album.Key),
                SentAt = album.SentAt.AddSeconds(second),
            };
            Assert.Equal(new(1, 0, 0, 0), await line.PostAsync(child, Ct));
        }

        var thread = await line.ThreadAsync(Ct);
        Assert.Equal(["system", "image", "video"], thread.Select(m => m.Type));
        Assert.Equal(("2", "Um"), ((string?)thread[0].Content!["text"], thread[1].Text));
        Assert.Equal(2, (await line.ConversationAsync(Ct)).UnreadCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_vote_that_can_be_read_is_counted_and_no_line(bool hiddenFirst)
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var poll = line.From(person, "") with { Message = MessageKinds.Poll() };
        var later = poll.SentAt.AddSeconds(1);
        var hidden = line.From(person, "") with
        {
            Message = MessageKinds.Vote(poll.Key, later),
            SentAt = later,
        };
        var readable = hidden with
        {
            PollUpdates =
            [
                new JsonObject { ["name"] = "Chá", ["voters"] = new JsonArray(person.PhoneJid) },
            ],
        };
        await line.PostAsync(poll, Ct);

        await line.PostAsync(hiddenFirst ? hidden : readable, Ct);
        await line.PostAsync(hiddenFirst ? readable : hidden, Ct);
        await line.PostAsync(hidden, Ct);

        var thread = await line.ThreadAsync(Ct);
        Assert.Equal("Chá", (string?)thread[0].Content!["votes"]![0]!["options"]![0]);
        // Such a line is drawn in no thread.
        Assert.Equal(hiddenFirst ? ["changed"] : [], thread.Skip(1).Select(EventOf));
        Assert.Equal(1, (await line.ConversationAsync(Ct)).UnreadCount);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_vote_that_waits_for_its_poll_leaves_no_line(
        bool byUpdate,
        bool isPollHidden
    )
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var poll = line.From(person, "") with { Message = MessageKinds.Poll() };
        var vote = Vote(line, person, poll);
        if (isPollHidden)
        {
            await line.PostAsync(poll with { Message = null, Stub = 2 }, Ct);
        }
        await (
            byUpdate
                ? line.PostAsync(Counted(line, person, poll, vote.SentAt), Ct)
                : line.PostAsync(Readable(vote, person), Ct)
        );

        Assert.Equal(new(0, 1, 0, 0), await line.PostAsync(vote, Ct));
        await line.PostAsync(poll, Ct);

        var shown = Assert.Single(await line.ThreadAsync(Ct));
        Assert.Equal("Chá", (string?)shown.Content!["votes"]![0]!["options"]![0]);
        Assert.Equal(1, (await line.ConversationAsync(Ct)).UnreadCount);
    }

    [Fact]
    public async Task The_placeholder_of_a_vote_goes_once_the_vote_is_counted()
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var poll = line.From(person, "") with { Message = MessageKinds.Poll() };
        var vote = Vote(line, person, poll);
        await line.PostAsync(poll, Ct);
        await line.PostAsync(vote with { Message = null, Stub = 2 }, Ct);
        await line.PostAsync(Counted(line, person, poll, vote.SentAt), Ct);

        await line.PostAsync(vote, Ct);

        var thread = await line.ThreadAsync(Ct);
        // Such a line is drawn in no thread.
        Assert.Equal(["changed"], thread.Skip(1).Select(EventOf));
        Assert.Equal(1, (await line.ConversationAsync(Ct)).UnreadCount);
    }

    [Fact]
    public async Task What_could_not_be_decrypted_becomes_its_line_and_is_unread_no_more()
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var pin = line.From(person, "") with { Message = QuietKinds.Pin(Key, At) };
        await line.PostAsync(pin with { Message = null, Stub = 2 }, Ct);
        var before = Assert.Single(await line.ThreadAsync(Ct));
        Assert.Equal(1, (await line.ConversationAsync(Ct)).UnreadCount);

        Assert.Equal(new(1, 0, 0, 0), await line.PostAsync(pin, Ct));

        var after = Assert.Single(await line.ThreadAsync(Ct));
        Assert.Equal((before.Id, "pinned"), (after.Id, EventOf(after)));
        Assert.Equal(0, (await line.ConversationAsync(Ct)).UnreadCount);
    }

    /// <summary>As the gateway tells it that couldn't decrypt it.</summary>
    private static TextMessage Vote(WebhookLine line, Person person, TextMessage poll)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(
            TimeProvider.System.GetUtcNow().AddMinutes(-1).ToUnixTimeSeconds()
        );
        return line.From(person, "") with
        {
            // To the millisecond; its second is all that an update of the poll tells.
            Message = MessageKinds.Vote(poll.Key, at.AddMilliseconds(700)),
            SentAt = at,
        };
    }

    private static TextMessage Readable(TextMessage vote, Person person) =>
        vote with
        {
            PollUpdates = [Choice(person)],
        };

    /// <summary>The same as an update of its poll, which doesn't say in which message it came.</summary>
    private static JsonObject Counted(
        WebhookLine line,
        Person person,
        TextMessage poll,
        DateTimeOffset at
    )
    {
        var update = new StatusUpdate(line.Number, poll.Id, WhatsAppStatus.ServerAck)
        {
            At = at,
        }.ToEnvelope();
        update["data"]!["pollUpdates"] = new JsonArray(Choice(person));
        return update;
    }

    private static JsonObject Choice(Person person) =>
        new() { ["name"] = "Chá", ["voters"] = new JsonArray(person.PhoneJid) };

    private static string? EventOf(Message line) => (string?)line.Content!["event"];

    private static string? ActorOf(Message line) => (string?)line.Content!["actor"]?["name"];

    private Task<JsonObject> RawAsync(Message message) =>
        flowChat.Server.Client.GetAsync<JsonObject>($"/api/messages/{message.Id}/raw", Ct);
}
