using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using static FlowChat.Testing.Evolution.Payloads.AddressForm;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Contacts;

/// <summary>Two contacts that were there already become one when a webhook names both of their addresses.</summary>
public sealed class JoinedContactTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FlowChatClient Client => flowChat.Server.Client;

    [Fact]
    public async Task Their_messages_are_one_thread_in_order_with_the_unread_of_both()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var ana = new SplitPerson(flowChat.Server, number);
        await ana.WriteAsync("1", Phone, 1);
        await ana.WriteAsync("2", LidOnly, 2);
        // Of one second: as they came.
        await ana.WriteAsync("3", Phone, 3);
        await ana.WriteAsync("4", LidOnly, 3);
        await ana.WriteAsync("5", Phone, 3);
        var split = await ana.ConversationsAsync(Ct);
        Assert.Equal([3, 2], split.Select(conversation => conversation.UnreadCount));

        await ana.MeetAsync("0", second: 0);

        var joined = await ana.ConversationAsync(Ct);
        Assert.Equal(split[0].Id, joined.Id);
        Assert.Equal(
            (split[0].Contact!.Id, ana.Person.Name, "+" + ana.Person.Phone),
            (joined.Contact!.Id, joined.Contact.Name, joined.Contact.Phone)
        );
        await number.WaitAsync(
            live =>
                live.Type == "contact.updated"
                && (Guid)live.Data["contact"]!["id"]! == joined.Contact.Id
                && (long)live.Data["contact"]!["version"]! == joined.Contact.Version,
            Ct
        );
        var thread = await number.ThreadAsync(joined.Id, Ct);
        Assert.Equal(["0", "1", "2", "3", "4", "5"], thread.Select(message => message.Text));
        Assert.Equal(6, thread.Select(message => message.Arrival).Distinct().Count());
        Assert.Equal((6, "5"), (joined.UnreadCount, joined.LastMessage!.Text));
        Assert.All(thread, message => Assert.Equal(joined.Id, message.ConversationId));
    }

    [Fact]
    public async Task What_one_of_them_has_been_answered_or_seen_stays_read()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var ana = new SplitPerson(flowChat.Server, number);
        await ana.WriteAsync("above the answer", Phone, 1);
        await ana.WriteAsync("answer", Phone, 2, typed: true);
        await ana.WriteAsync("new here", Phone, 3);
        await ana.WriteAsync("seen", LidOnly, 4);
        await PostAsync($"{(await ana.ConversationsAsync(Ct))[1].Id}/read");
        await ana.WriteAsync("new there", LidOnly, 5);

        await ana.MeetAsync("typed", second: 0, typed: true);
        Assert.Equal(2, (await ana.ConversationAsync(Ct)).UnreadCount);

        // The marks hold for what comes next, too.
        await ana.MeetAsync("late", second: 2);
        await ana.MeetAsync("answered again", second: 3, typed: true);
        Assert.Equal(1, (await ana.ConversationAsync(Ct)).UnreadCount);
    }

    [Fact]
    public async Task The_id_that_is_gone_is_answered_for_the_kept_one()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var ana = new SplitPerson(flowChat.Server, number);
        await ana.WriteAsync("1", Phone, 1);
        await ana.WriteAsync("2", LidOnly, 2);
        var old = (await ana.ConversationsAsync(Ct))[1];
        var sent = await Client.SendAsync(old.Id, $"{old.Id}", "Olá", Ct);
        await number.WaitAsync(sent, "sent", Ct);
        await ana.MeetAsync("3", 3);
        var kept = await ana.ConversationAsync(Ct);
        Assert.NotEqual(old.Id, kept.Id);

        Assert.Equivalent(kept, await GetAsync(old.Id));
        Assert.Equal(["1", "2", "3", "Olá"], await ana.TextsAsync(old.Id, Ct));
        Assert.Equal(sent.Id, (await Client.SendAsync(old.Id, $"{old.Id}", "Olá", Ct)).Id);
        var more = await Client.SendAsync(old.Id, $"{old.Id} more", "Mais", Ct);
        Assert.Equal(kept.Id, more.ConversationId);
        await number.WaitAsync(more, "sent", Ct);
        await ana.WriteAsync("4", LidOnly, 4);
        await PostAsync($"{old.Id}/read");
        using var resolved = await Client.Http.PatchAsJsonAsync(
            $"/api/conversations/{old.Id}",
            new { status = "resolved" },
            Ct
        );
        Assert.Equal(HttpStatusCode.OK, resolved.StatusCode);

        kept = await GetAsync(kept.Id);
        Assert.Equal(("resolved", 0), (kept.Status, kept.UnreadCount));
    }

    [Fact]
    public async Task What_they_wrote_in_groups_has_one_sender()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var ana = new SplitPerson(flowChat.Server, number);
        var group = new Group($"1203630{ana.Person.Phone}@g.us", "Vizinhos");
        await ana.WriteAsync("direct", Phone);
        await ana.WriteAsync("in the group", LidOnly, group: group);

        await ana.MeetAsync("both");

        var conversations = await ana.ConversationsAsync(Ct);
        var sender = (await number.ThreadAsync(conversations[1].Id, Ct)).Single().Sender!;
        Assert.Equal(conversations[0].Contact!.Id, sender.Id);
        Assert.Equal(sender.Id, conversations[1].LastMessage!.Sender!.Id);
    }

    [Fact]
    public async Task A_group_in_which_they_only_listened_has_one_of_them()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var ana = new SplitPerson(flowChat.Server, number);
        await ana.WriteAsync("1", Phone, 1);
        await ana.WriteAsync("2", LidOnly, 2);
        var both = await ana.ConversationsAsync(Ct);
        var group = new Group($"1203630{ana.Person.Phone}@g.us", "Vizinhos");
        await number.Fake.PostAsync(
            new TextMessage(
                number.Fake.Number,
                Person.Number(Random.Shared.Next(1_000, 9_000_000)),
                "Oi"
            )
            {
                Group = group,
                SentAt = number.Now,
            }.ToEnvelope()
        );
        var shown = await number.WaitAsync(live => live.Conversation?.Group?.Jid == group.Jid, Ct);
        var before = shown.Conversation!.Group!;
        await number.ExecuteAsync(
            """
            insert into group_members (tenant_id, group_id, contact_id, is_admin)
            select tenant_id, @Id, id, false from contacts where id = any(@Both)
            """,
            new
            {
                before.Id,
                Both = both.Select(conversation => conversation.Contact!.Id).ToArray(),
            }
        );

        await ana.MeetAsync("3", second: 3);

        await number.WaitAsync(
            live =>
                live.Conversation?.Group is { } now
                && now.Id == before.Id
                && now.Version > before.Version,
            Ct
        );
        var told = await Client.GetAsync<JsonObject>($"/api/groups/{before.Id}", Ct);
        Assert.Single(told["participants"]!.AsArray());
    }

    [Fact]
    public async Task What_they_did_to_messages_is_one_persons_and_the_later_one_holds()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (ana, bia) = (
            new SplitPerson(flowChat.Server, number),
            new SplitPerson(flowChat.Server, number)
        );
        var group = new Group($"1203630{ana.Person.Phone}@g.us", "Vizinhos");
        var asked = bia.Message("Quem vem?", Phone, 1, group: group);
        var poll = bia.Message("", Phone, 2, group: group) with { Message = MessageKinds.Poll() };
        await number.Fake.PostAsync(asked.ToEnvelope());
        await number.Fake.PostAsync(poll.ToEnvelope());
        await ReactAsync(Phone, "👍", 3);
        await ReactAsync(LidOnly, "❤️", 4);
        await VoteAsync(Phone, "Chá", 5);
        await VoteAsync(LidOnly, "Água", 6);
        // It waits for a message that comes after the two are one.
        var late = bia.Message("Mais tarde", Phone, 20, group: group);
        await PostAsync(LidOnly, 21, MessageKinds.Reaction(late.Key, "🎉", late.SentAt));

        await ana.WriteAsync("direct", Phone, 7);
        await ana.MeetAsync("both", 8);
        await number.Fake.PostAsync(late.ToEnvelope());

        var conversations = await Client.ConversationsAsync(
            Ct,
            $"?instance_id={number.Instance.Id}"
        );
        var direct = conversations.Items.Single(c => c.Contact?.Phone == "+" + ana.Person.Phone);
        var thread = await number.ThreadAsync(
            conversations.Items.Single(c => c.Group is not null).Id,
            Ct
        );
        var reaction = Assert.Single(thread.Single(m => m.Text == "Quem vem?").Reactions);
        Assert.Equal(("❤️", direct.Contact!.Id), (reaction.Emoji, reaction.By.Id));
        var vote = Assert.Single(
            thread.Single(m => m.Type == "poll").Content!["votes"]!.AsArray()
        )!;
        Assert.Equal("Água", (string?)vote["options"]![0]);
        Assert.Equal(direct.Contact.Id, (Guid)vote["by"]!["id"]!);
        var early = Assert.Single(thread.Single(m => m.Text == "Mais tarde").Reactions);
        Assert.Equal(direct.Contact.Id, early.By.Id);

        Task ReactAsync(AddressForm address, string emoji, int second) =>
            PostAsync(
                address,
                second,
                MessageKinds.Reaction(asked.Key, emoji, asked.SentAt.AddSeconds(second))
            );

        async Task VoteAsync(AddressForm address, string option, int second)
        {
            var message = ana.Message("", address, second, group: group) with
            {
                Message = MessageKinds.Vote(poll.Key, poll.SentAt.AddSeconds(second)),
                PollUpdates =
                [
                    new JsonObject
                    {
                        ["name"] = option,
                        ["voters"] = new JsonArray(
                            address == LidOnly ? ana.Person.LidJid : ana.Person.PhoneJid
                        ),
                    },
                ],
            };
            await number.Fake.PostAsync(message.ToEnvelope());
        }

        async Task PostAsync(AddressForm address, int second, JsonObject change) =>
            await number.Fake.PostAsync(
                (
                    ana.Message("", address, second, group: group) with
                    {
                        Message = change,
                    }
                ).ToEnvelope()
            );
    }

    [Fact]
    public async Task Their_conversations_with_other_numbers_are_kept()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await using var other = await flowChat.ConnectAsync(Ct);
        var ana = new SplitPerson(flowChat.Server, number);
        await ana.WriteAsync("1", Phone);
        await other.Fake.PostAsync(
            (ana.Message("elsewhere", LidOnly) with { Number = other.Fake.Number }).ToEnvelope()
        );

        await ana.MeetAsync("2");

        var page = await Client.ConversationsAsync(Ct, $"?instance_id={other.Instance.Id}");
        var elsewhere = Assert.Single(page.Items);
        Assert.Equal((await ana.ConversationAsync(Ct)).Contact, elsewhere.Contact);
        Assert.Equal(["elsewhere"], await ana.TextsAsync(elsewhere.Id, Ct));
    }

    [Theory]
    [InlineData(LidWithPhoneAlt, true)]
    [InlineData(LidWithPhoneAlt, false)]
    [InlineData(PhoneWithLidAlt, true)]
    [InlineData(PhoneWithLidAlt, false)]
    public async Task Two_accounts_that_had_one_number_stay_two_people(
        AddressForm address,
        bool isKnown
    )
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (before, after) = (
            new SplitPerson(flowChat.Server, number),
            new SplitPerson(flowChat.Server, number)
        );
        await before.MeetAsync("mine", 1);
        if (isKnown)
        {
            await after.WriteAsync("mine now", LidOnly, 2);
        }

        await PostAsync("and this number", 3);

        var conversations = await before.ConversationsAsync(Ct);
        Assert.Equal(2, conversations.Count);
        Assert.Equal(["mine"], await before.TextsAsync(conversations[0].Id, Ct));
        Assert.Equal(
            isKnown ? ["mine now", "and this number"] : ["and this number"],
            await before.TextsAsync(conversations[1].Id, Ct)
        );
        // A reply to the one before must not reach the one who has it now.
        Assert.Equal(
            [null, "+" + before.Person.Phone],
            conversations.Select(conversation => conversation.Contact!.Phone)
        );
        var gone = await number.WaitAsync(
            live =>
                live.Type == "contact.updated"
                && (Guid)live.Data["contact"]!["id"]! == conversations[0].Contact!.Id
                && live.Data["contact"]!["phone"] is null,
            Ct
        );
        Assert.Equal(conversations[0].Contact!.Version, (long)gone.Data["contact"]!["version"]!);

        // What comes late doesn't take it back.
        await before.MeetAsync("late", 2);
        Assert.Equal(
            [null, "+" + before.Person.Phone],
            (await before.ConversationsAsync(Ct)).Select(one => one.Contact!.Phone)
        );

        async Task PostAsync(string text, int second) =>
            await number.Fake.PostAsync(
                (
                    after.Message(text, address, second) with
                    {
                        Contact = after.Person with { Phone = before.Person.Phone },
                    }
                ).ToEnvelope()
            );
    }

    [Fact]
    public async Task Fifty_webhooks_at_once_make_one_contact_and_one_thread_in_order()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var ana = new SplitPerson(flowChat.Server, number);
        await ana.WriteAsync("00", Phone, 0);
        await ana.WriteAsync("01", LidOnly, 1);
        AddressForm[] addresses = [Phone, LidOnly, LidWithPhoneAlt, PhoneWithLidAlt];

        await Task.WhenAll(
            Enumerable
                .Range(2, 50)
                .Select(n => ana.WriteAsync($"{n:00}", addresses[n % addresses.Length], n))
        );

        var joined = await ana.ConversationAsync(Ct);
        Assert.Equal(
            Enumerable.Range(0, 52).Select(n => $"{n:00}"),
            (await Client.MessagesAsync(joined.Id, Ct, "?limit=200")).Items.Select(m => m.Text)
        );
        Assert.Equal((52, "51"), (joined.UnreadCount, joined.LastMessage!.Text));
    }

    [Fact]
    public async Task A_join_that_fails_leaves_everything_as_it_was_and_is_done_with_the_next_try()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var ana = new SplitPerson(flowChat.Server, number);
        await ana.WriteAsync("1", Phone, 1);
        await ana.WriteAsync("2", LidOnly, 2);
        var split = await ana.ConversationsAsync(Ct);
        var both = ana.Message("3", LidWithPhoneAlt, 3).ToBytes();
        await number.ExecuteAsync(
            """
            create function break_join() returns trigger language plpgsql as
              $$ begin raise 'the server goes down' using errcode = '57P01'; end $$;
            create trigger break_join before delete on contacts for each row execute function break_join()
            """
        );
        var seq = await number.LastSeqAsync(Ct);

        using (var answer = await Client.TryPostWebhookAsync(number.Instance, both, Ct))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }
        Assert.Equivalent(split, await ana.ConversationsAsync(Ct));
        Assert.Equal(["2"], await ana.TextsAsync(split[1].Id, Ct));
        Assert.Equal(seq, await number.LastSeqAsync(Ct));

        await number.ExecuteAsync("drop function break_join cascade");
        using var again = await Client.TryPostWebhookAsync(number.Instance, both, Ct);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(
            ["1", "2", "3"],
            await ana.TextsAsync((await ana.ConversationAsync(Ct)).Id, Ct)
        );
    }

    private Task<Conversation> GetAsync(Guid id) =>
        Client.GetAsync<Conversation>($"/api/conversations/{id}", Ct);

    private async Task PostAsync(string path)
    {
        using var answer = await Client.Http.PostAsync($"/api/conversations/{path}", null, Ct);
        answer.EnsureSuccessStatusCode();
    }
}
