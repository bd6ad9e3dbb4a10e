using System.Text.Json.Nodes;
using FlowChat.Messages;
using FlowChat.Storage;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Inbound;

/// <summary>Reactions, votes, edits and removals find their message, also when they come before it.</summary>
public sealed class MessageChangeTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reactions_of_several_people_stand_side_by_side(bool early)
    {
        var (line, ana, bia) = await PeopleAsync();
        var message = line.From(ana, "Bom dia") with { Group = Group.Suppliers };
        TextMessage React(Person who, string emoji, int second) =>
            line.From(who, "") with
            {
                Group = Group.Suppliers,
                Message = MessageKinds.Reaction(
                    message.Key,
                    emoji,
                    message.SentAt.AddSeconds(second)
                ),
            };

        await PostAsync(
            line,
            early,
            message,
            React(ana, "👍", 1),
            React(bia, "❤️", 2),
            React(bia, "😂", 3),
            React(ana, "", 4),
            React(bia, "❤️", 2)
        );

        var stored = Assert.Single(await line.ThreadAsync(Ct));
        var reaction = Assert.Single(stored.Reactions);
        Assert.Equal(
            ("😂", "contact", bia.Name),
            (reaction.Emoji, reaction.By.Kind, reaction.By.Name)
        );
    }

    [Fact]
    public async Task An_early_reaction_of_somebody_who_is_known_finds_its_message()
    {
        var (line, ana, bia) = await PeopleAsync();
        var message = line.From(ana, "Bom dia") with { Group = Group.Suppliers };
        await line.PostAsync(line.From(bia, "Oi") with { Group = Group.Suppliers }, Ct);
        var reaction = line.From(bia, "") with
        {
            Group = Group.Suppliers,
            Message = MessageKinds.Reaction(message.Key, "❤️", message.SentAt.AddSeconds(1)),
        };

        Assert.Equal(new(1, 0, 0, 0), await line.PostAsync(reaction, Ct));
        Assert.Equal(new(1, 0, 0, 0), await line.PostAsync(message, Ct));

        var thread = await line.ThreadAsync(Ct);
        var stored = thread.Single(m => m.Text == "Bom dia");
        var author = thread.Single(m => m.Text == "Oi").Sender!;
        Assert.Equal((author.Id, bia.Name), (Assert.Single(stored.Reactions).By.Id, bia.Name));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task An_edit_keeps_what_was_said_before(bool early, bool byNumber)
    {
        var (line, ana, _) = await PeopleAsync();
        var message = line.From(ana, "Chego as 10");
        JsonObject Edit(string text, int second) =>
            line.Number.Envelope(
                "messages.edited",
                MessageKinds.Edit(message.Key, text, message.SentAt.AddSeconds(second), byNumber),
                message.SentAt
            );

        if (!early)
            await line.PostAsync(message, Ct);
        await line.PostAsync(Edit("Chego às 11", 20), Ct);
        await line.PostAsync(Edit("Chego às 10", 10), Ct);
        if (early)
            await line.PostAsync(message, Ct);

        var stored = Assert.Single(await line.ThreadAsync(Ct));
        Assert.Equal("Chego às 11", stored.Text);
        Assert.Equal(["Chego as 10", "Chego às 10"], stored.Edits.Select(edit => edit.Text));
        Assert.Equal(message.SentAt.AddSeconds(20), stored.EditedAt);
    }

    [Theory]
    [InlineData("protocol")]
    [InlineData("number")]
    [InlineData("delete")]
    [InlineData("api")]
    [InlineData("upsert")]
    public async Task A_removed_message_stays_as_removed(string form)
    {
        var (line, ana, _) = await PeopleAsync();
        var message = line.From(ana, "Segredo");
        var key = message.Key;
        var (name, data) = form switch
        {
            "protocol" or "number" => (
                "messages.edited",
                MessageKinds.Revoke(key, byNumber: form == "number")
            ),
            "delete" => (
                "messages.delete",
                new JsonObject
                {
                    ["remoteJid"] = ana.PhoneJid,
                    ["fromMe"] = false,
                    ["id"] = message.Id,
                    ["status"] = "DELETED",
                }
            ),
            "api" => (
                "messages.delete",
                new JsonObject
                {
                    ["id"] = "cm3x1q2z80001",
                    ["key"] = key.DeepClone(),
                    ["status"] = "DELETED",
                }
            ),
            _ => ("", new JsonObject()),
        };
        var removal =
            form == "upsert"
                ? (
                    line.From(ana, "") with
                    {
                        Message = new JsonObject
                        {
                            ["protocolMessage"] = MessageKinds.Revoke(key, byNumber: false),
                        },
                    }
                ).ToEnvelope()
                : line.Number.Envelope(name, data, message.SentAt);

        await line.PostAsync(message, Ct);
        Assert.Equal(new(1, 0, 0, 0), await line.PostAsync(removal, Ct));
        Assert.Equal(new(0, 1, 0, 0), await line.PostAsync(removal, Ct));

        var stored = Assert.Single(await line.ThreadAsync(Ct));
        Assert.NotNull(stored.DeletedAt);
        Assert.Null(stored.Text);
    }

    [Fact]
    public async Task A_vote_that_comes_as_an_update_of_its_poll_counts()
    {
        var (line, ana, _) = await PeopleAsync();
        var poll = line.From(ana, "") with { Message = MessageKinds.Poll() };
        // A status that isn't there becomes SERVER_ACK.
        var update = new StatusUpdate(line.Number, poll.Id, WhatsAppStatus.ServerAck)
        {
            At = TimeProvider.System.GetUtcNow(),
        }.ToEnvelope();
        update["data"]!["pollUpdates"] = new JsonArray(
            new JsonObject { ["name"] = "Chá", ["voters"] = new JsonArray() },
            new JsonObject { ["name"] = "Água", ["voters"] = new JsonArray(ana.LidJid) }
        );

        await line.PostAsync(poll, Ct);
        await line.PostAsync(update, Ct);

        var stored = Assert.Single(await line.ThreadAsync(Ct));
        var vote = Assert.Single(stored.Content!["votes"]!.AsArray());
        Assert.Equal(
            (ana.Name, "Água"),
            ((string?)vote!["by"]!["name"], (string?)vote["options"]![0])
        );

        // A gateway that had no answer tells it again.
        await line.PostAsync(update, Ct);
        Assert.Equal(stored.Version, Assert.Single(await line.ThreadAsync(Ct)).Version);
    }

    [Fact]
    public async Task A_voter_who_is_named_by_lid_in_a_chat_that_is_named_by_phone_has_voted()
    {
        var (line, ana, bia) = await PeopleAsync();
        var poll = line.From(ana, "") with { Message = MessageKinds.Poll() };
        TextMessage Vote(int second, params string[] voters) =>
            line.From(ana, "") with
            {
                SentAt = poll.SentAt.AddSeconds(second),
                Message = MessageKinds.Vote(poll.Key, poll.SentAt.AddSeconds(second)),
                PollUpdates =
                [
                    new JsonObject
                    {
                        ["name"] = "Chá",
                        ["voters"] = new JsonArray([.. voters.Select(jid => (JsonNode)jid)]),
                    },
                ],
            };

        await line.PostAsync(poll, Ct);
        await line.PostAsync(Vote(1, ana.LidJid), Ct);
        // Nobody's that is known: it takes nothing back.
        await line.PostAsync(Vote(2, ana.LidJid, bia.LidJid), Ct);

        var stored = Assert.Single(await line.ThreadAsync(Ct));
        var vote = Assert.Single(stored.Content!["votes"]!.AsArray());
        Assert.Equal("Chá", (string?)vote!["options"]![0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Votes_are_counted_by_person(bool early)
    {
        var (line, ana, bia) = await PeopleAsync();
        var poll = line.From(ana, "") with
        {
            Group = Group.Suppliers,
            Message = MessageKinds.Poll(),
        };
        TextMessage Vote(Person who, int second, params string[] options) =>
            line.From(who, "") with
            {
                Group = Group.Suppliers,
                Message = MessageKinds.Vote(poll.Key, poll.SentAt.AddSeconds(second)),
                PollUpdates =
                [
                    .. options.Select(option => new JsonObject
                    {
                        ["name"] = option,
                        ["voters"] = new JsonArray(who.PhoneJid),
                    }),
                ],
            };

        await PostAsync(
            line,
            early,
            poll,
            Vote(ana, 1, "Chá"),
            Vote(bia, 2, "Água"),
            Vote(ana, 3, "Água")
        );

        var stored = Assert.Single(await line.ThreadAsync(Ct));
        var votes = stored.Content!["votes"]!.AsArray();
        Assert.Equal(
            [(bia.Name, "Água"), (ana.Name, "Água")],
            votes.Select(v => ((string)v!["by"]!["name"]!, (string)v["options"]![0]!))
        );
    }

    [Fact]
    public async Task A_change_that_missed_its_message_on_another_node_is_applied_later()
    {
        var (line, ana, _) = await PeopleAsync();
        var message = line.From(ana, "Bom dia");
        await line.PostAsync(message, Ct);
        var missed = new JsonObject
        {
            ["instance_id"] = line.Instance.Id,
            ["wa_id"] = message.Id,
            ["kind"] = "Reaction",
            ["at"] = message.SentAt.AddSeconds(1),
            ["from_me"] = true,
            ["text"] = "👍",
        };
        await using var insert = flowChat
            .Server.Get<Database>()
            .Migrator.CreateCommand(
                """
                insert into early_changes (tenant_id, id, instance_id, wa_id, change, received_at)
                select tenant_id, $1, id, $3, $4::jsonb, now() - interval '1 minute' from instances where id = $2
                """
            );
        insert.Parameters.Add(new() { Value = Guid.CreateVersion7() });
        insert.Parameters.Add(new() { Value = line.Instance.Id });
        insert.Parameters.Add(new() { Value = message.Id });
        insert.Parameters.Add(new() { Value = missed.ToJsonString() });
        Assert.Equal(1, await insert.ExecuteNonQueryAsync(Ct));

        var duty = flowChat.Server.Get<EarlyChanges>();
        Assert.Equal(1, await duty.RunOnceAsync(Ct));
        Assert.Equal(0, await duty.RunOnceAsync(Ct));

        Assert.Equal(
            "👍",
            Assert.Single(Assert.Single(await line.ThreadAsync(Ct)).Reactions).Emoji
        );
    }

    private async Task<(WebhookLine Line, Person Ana, Person Bia)> PeopleAsync() =>
        (await flowChat.ConnectAsync(Ct), flowChat.NewPerson(), flowChat.NewPerson());

    private static async Task PostAsync(
        WebhookLine line,
        bool early,
        TextMessage message,
        params TextMessage[] changes
    )
    {
        foreach (var webhook in early ? changes.Append(message) : changes.Prepend(message))
            await line.PostAsync(webhook, Ct);
    }
}
