using System.Net;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Inbound;

/// <summary>What a gateway couldn't decrypt or FlowChat can't show is kept, and becomes what it is when it comes again and can be read.</summary>
public sealed class HiddenMessageTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FlowChatClient Client => flowChat.Server.Client;

    [Theory]
    [InlineData("2")]
    [InlineData("\"CIPHERTEXT\"")]
    public async Task A_message_that_could_not_be_decrypted_is_kept(string stub)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var hidden = Hidden(line.From(flowChat.NewPerson(), ""), stub);

        Assert.Equal(new(1, 0, 0, 0), await line.PostAsync(hidden, Ct));
        Assert.Equal(new(0, 1, 0, 0), await line.PostAsync(hidden, Ct));

        var stored = Assert.Single(await line.ThreadAsync(Ct));
        Assert.Equal(("unsupported", "CIPHERTEXT"), (stored.Type, KindOf(stored)));
        Assert.True(JsonNode.DeepEquals(hidden.ToData(), await RawAsync(stored)));
    }

    [Theory]
    [InlineData("27")]
    [InlineData("\"GROUP_PARTICIPANT_ADD\"")]
    public async Task A_line_of_WhatsApps_own_is_told_by_an_event_of_its_own(string stub)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var told = Hidden(line.From(flowChat.NewPerson(), ""), stub);

        Assert.Equal(new(0, 0, 1, 0), await line.PostAsync(told, Ct));
        Assert.Empty(await line.ConversationsAsync(Ct));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_becomes_what_it_is_in_its_place_when_it_can_be_read(bool hiddenFirst)
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var question = line.From(person, "Aberto hoje?");
        var answer = line.From(person, "Sim, @Ana") with
        {
            SentAt = question.SentAt.AddSeconds(1),
            ContextInfo = MessageKinds.Quoting(question.Id, person, "Aberto hoje?"),
        };
        var after = line.From(person, "Até já") with { SentAt = question.SentAt.AddSeconds(2) };
        TextMessage[] both = hiddenFirst ? [Hidden(answer), answer] : [answer, Hidden(answer)];
        await line.PostAsync(question, Ct);
        await line.PostAsync(both[0], Ct);
        await line.PostAsync(after, Ct);
        var before = (await line.ThreadAsync(Ct))[1];
        var seq = (await Client.EventsAsync(long.MaxValue, Ct)).LastSeq;

        var expected = new WebhookAnswer(hiddenFirst ? 1 : 0, hiddenFirst ? 0 : 1, 0, 0);
        Assert.Equal(expected, await line.PostAsync(both[1], Ct));
        Assert.Equal(new(0, 1, 0, 0), await line.PostAsync(both[1], Ct));
        Assert.Equal(new(0, 1, 0, 0), await line.PostAsync(both[0], Ct));

        var thread = await line.ThreadAsync(Ct);
        Assert.Equal([question.Id, answer.Id, after.Id], thread.Select(m => m.WaId));
        Assert.Equal(
            (before.Id, before.Arrival, "text", "Sim, @Ana", thread[0].Id),
            (
                thread[1].Id,
                thread[1].Arrival,
                thread[1].Type,
                thread[1].Text,
                thread[1].ReplyTo?.MessageId
            )
        );
        Assert.Null(thread[1].Content);
        Assert.Equal(3, (await line.ConversationAsync(Ct)).UnreadCount);
        var told = (await Client.EventsAsync(seq, Ct)).Items.Where(live =>
            live.Message?.Id == before.Id
        );
        Assert.Equal(
            hiddenFirst ? [("message.updated", "text")] : [],
            told.Select(live => (live.Type, live.Message!.Type))
        );
        using var raw = await Client.Http.GetAsync($"/api/messages/{before.Id}/raw", Ct);
        Assert.Equal(HttpStatusCode.NotFound, raw.StatusCode);
    }

    [Fact]
    public async Task A_picture_that_is_revealed_is_fetched()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var picture = line.From(flowChat.NewPerson(), "") with
        {
            Message = MessageKinds.Image("Olha só"),
        };
        await line.PostAsync(Hidden(picture), Ct);

        await line.PostAsync(picture, Ct);

        var stored = Assert.Single(await line.ThreadAsync(Ct));
        Assert.Equal(("image", "Olha só"), (stored.Type, stored.Text));
        Assert.Equal("image/jpeg", Assert.Single(stored.Attachments).MimeType);
    }

    [Fact]
    public async Task What_was_done_to_it_meanwhile_holds()
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var text = line.From(person, "Chego as 10");
        var poll = line.From(person, "") with
        {
            Message = MessageKinds.Poll(),
            SentAt = text.SentAt.AddSeconds(1),
        };
        var later = text.SentAt.AddSeconds(5);
        var edit = MessageKinds.Edit(text.Key, "Chego às 10", later, byNumber: false);
        var reaction = line.From(person, "") with
        {
            Message = MessageKinds.Reaction(text.Key, "👍", later),
        };
        var vote = line.From(person, "") with
        {
            Message = MessageKinds.Vote(poll.Key, later),
            PollUpdates =
            [
                new JsonObject { ["name"] = "Chá", ["voters"] = new JsonArray(person.PhoneJid) },
            ],
        };
        await line.PostAsync(Hidden(text), Ct);
        await line.PostAsync(Hidden(poll), Ct);
        await line.PostAsync(line.Number.Envelope("messages.edited", edit, later), Ct);
        await line.PostAsync(reaction, Ct);
        await line.PostAsync(vote, Ct);

        await line.PostAsync(text, Ct);
        await line.PostAsync(poll, Ct);

        var thread = await line.ThreadAsync(Ct);
        Assert.Equal(("Chego às 10", later), (thread[0].Text, thread[0].EditedAt));
        Assert.Equal("Chego as 10", Assert.Single(thread[0].Edits).Text);
        Assert.Equal("👍", Assert.Single(thread[0].Reactions).Emoji);
        Assert.Equal("Chá", (string?)thread[1].Content!["votes"]![0]!["options"]![0]);
    }

    [Fact]
    public async Task A_reaction_whose_emoji_is_hidden_is_kept_until_it_shows_at_its_message()
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var message = line.From(person, "Bom dia");
        var hidden = line.From(person, "") with
        {
            Message = MessageKinds.HiddenReaction(message.Key),
            SentAt = message.SentAt.AddSeconds(1),
        };
        await line.PostAsync(message, Ct);

        Assert.Equal(new(1, 0, 0, 0), await line.PostAsync(hidden, Ct));

        var kept = (await line.ThreadAsync(Ct))[1];
        Assert.Equal(("unsupported", "encReactionMessage"), (kept.Type, KindOf(kept)));
        Assert.True(JsonNode.DeepEquals(hidden.Message, (await RawAsync(kept))["message"]));
        Assert.Equal(2, (await line.ConversationAsync(Ct)).UnreadCount);

        var readable = hidden with
        {
            Message = MessageKinds.Reaction(message.Key, "❤️", hidden.SentAt),
        };
        await line.PostAsync(readable, Ct);
        await line.PostAsync(hidden, Ct);

        var thread = await line.ThreadAsync(Ct);
        Assert.Equal("❤️", Assert.Single(thread[0].Reactions).Emoji);
        // In the list it is the last word, in the thread it is drawn no more.
        Assert.Equal(
            (kept.Id, "system", "reacted", "❤️"),
            (thread[1].Id, thread[1].Type, (string?)thread[1].Content!["event"], thread[1].Text)
        );
        Assert.Equal(person.Name, (string?)thread[1].Content!["actor"]!["name"]);
        Assert.Equal(1, (await line.ConversationAsync(Ct)).UnreadCount);
        using var raw = await Client.Http.GetAsync($"/api/messages/{kept.Id}/raw", Ct);
        Assert.Equal(HttpStatusCode.NotFound, raw.StatusCode);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_hidden_copy_that_comes_after_what_it_did_is_no_bubble(
        bool isStub,
        bool isEarly
    )
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var message = line.From(person, "Bom dia");
        var at = message.SentAt.AddSeconds(1);
        var readable = line.From(person, "") with
        {
            Message = MessageKinds.Reaction(message.Key, "❤️", at),
            SentAt = at,
        };
        var hidden = isStub
            ? Hidden(readable)
            : readable with
            {
                Message = MessageKinds.HiddenReaction(message.Key),
            };
        await line.PostAsync(isEarly ? readable : message, Ct);
        await line.PostAsync(isEarly ? message : readable, Ct);

        Assert.Equal(new(0, 1, 0, 0), await line.PostAsync(hidden, Ct));
        Assert.Equal(new(0, 1, 0, 0), await line.PostAsync(readable, Ct));

        var shown = Assert.Single(await line.ThreadAsync(Ct));
        Assert.Equal("❤️", Assert.Single(shown.Reactions).Emoji);
        Assert.Equal(1, (await line.ConversationAsync(Ct)).UnreadCount);
    }

    [Theory]
    [InlineData("""{"secretEncryptedMessage":{"encIv":"AAAA"}}""")]
    [InlineData("""{"conversation":""}""")]
    [InlineData(null)]
    public async Task An_edit_that_does_not_tell_the_new_words_is_kept_aside(string? edited)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var message = line.From(flowChat.NewPerson(), "Chego as 10");
        var edit = MessageKinds.Edit(message.Key, "", message.SentAt.AddSeconds(5), false);
        edit["editedMessage"] = edited is null ? null : JsonNode.Parse(edited);
        await line.PostAsync(message, Ct);

        var envelope = line.Number.Envelope("messages.edited", edit, message.SentAt);
        Assert.Equal(new(0, 0, 0, 1), await line.PostAsync(envelope, Ct));

        Assert.Equal("Chego as 10", Assert.Single(await line.ThreadAsync(Ct)).Text);
        Assert.Contains("edit", await line.QuarantinedForAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caption_can_be_taken_away()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var picture = line.From(flowChat.NewPerson(), "") with
        {
            Message = MessageKinds.Image("Olha só"),
        };
        var edit = MessageKinds.Edit(picture.Key, "", picture.SentAt.AddSeconds(5), false);
        edit["editedMessage"] = MessageKinds.Image();
        await line.PostAsync(picture, Ct);

        var envelope = line.Number.Envelope("messages.edited", edit, picture.SentAt);
        Assert.Equal(new(1, 0, 0, 0), await line.PostAsync(envelope, Ct));

        var stored = Assert.Single(await line.ThreadAsync(Ct));
        Assert.Equal((null, "Olha só"), (stored.Text, Assert.Single(stored.Edits).Text));
    }

    private static TextMessage Hidden(TextMessage message, string stub = "2") =>
        message with
        {
            Stub = JsonNode.Parse(stub),
            ContextInfo = null,
        };

    private static string? KindOf(Message message) => (string?)message.Content!["kind"];

    private Task<JsonObject> RawAsync(Message message) =>
        Client.GetAsync<JsonObject>($"/api/messages/{message.Id}/raw", Ct);
}
