using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FlowChat.Storage;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Inbound;

public sealed class QuarantineTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 10, 31, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Unreadable =>
        new()
        {
            { "", "no JSON" },
            { "{\"event\":\"messages.upsert\",\"data\":{", "no JSON" },
            { "\ufeff{}", "names no event" },
            { "hello", "no JSON" },
            { "{\"event\":\"a\",\"data\":\"" + "\\u0000 and \\ud83d", "no JSON" },
            { "[]", "not an object" },
            { "7", "not an object" },
            { "{}", "names no event" },
            { "{\"event\":\"messages.upsert\"}", "no data" },
            { "{\"event\":\"messages.upsert\",\"data\":null}", "no key" },
            { "{\"event\":\"messages.upsert\",\"data\":{}}", "no key" },
            { "{\"event\":\"messages.upsert\",\"data\":{\"key\":{}}}", "no id" },
            { "{\"event\":\"messages.upsert\",\"data\":{\"key\":{\"id\":\"1\"}}}", "no JID" },
            {
                "{\"event\":\"messages.upsert\",\"data\":{\"key\":{\"id\":\"1\",\"remoteJid\":\"1@s.whatsapp.net\"}}}",
                "no content"
            },
        };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_cannot_be_read_is_answered_and_kept_as_it_came(
        string body,
        string reason
    )
    {
        var line = await flowChat.ConnectAsync(Ct);

        var answer = await line.PostAsync(Encoding.UTF8.GetBytes(body), Ct);

        Assert.Equal(new(0, 0, 0, 1), answer);
        var kept = Assert.Single(await ReadAsync(line));
        Assert.Contains(reason, kept.Reason, StringComparison.Ordinal);
        if (reason is not "no key" and not "no id" and not "no JID" and not "no content")
        {
            Assert.Equal(body, Encoding.UTF8.GetString(kept.Body));
        }
        else
        {
            Assert.Equal(
                JsonNode.Parse(body)!["data"]?.ToJsonString() ?? "null",
                Encoding.UTF8.GetString(kept.Body)
            );
        }
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_kept_as_they_came()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var body = line.From(flowChat.NewPerson(), "0123456789").ToBytes();
        body[body.AsSpan().IndexOf("0123456789"u8) + 5] = 0xC3;
        var expected = body.ToArray();

        Assert.Equal(new(0, 0, 0, 1), await line.PostAsync(body, Ct));

        Assert.Equal(expected, Assert.Single(await ReadAsync(line)).Body);
        Assert.Empty(await line.ConversationsAsync(Ct));
    }

    [Fact]
    public async Task A_body_for_another_instance_is_not_written_into_this_one()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var other = await flowChat.ConnectAsync(Ct);
        var strayed = other.From(flowChat.NewPerson(), "strayed");

        Assert.Equal(new(0, 0, 0, 1), await line.PostAsync(strayed, Ct));

        var kept = Assert.Single(await ReadAsync(line));
        Assert.Contains("another instance", kept.Reason, StringComparison.Ordinal);
        Assert.Equal(strayed.ToBytes(), kept.Body);
        Assert.Empty(await line.ConversationsAsync(Ct));
        Assert.Empty(await other.ConversationsAsync(Ct));
    }

    [Fact]
    public async Task What_the_database_refuses_is_kept_and_the_chat_goes_on()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        // Longer than an index entry may be, and incompressible.
        var huge = line.From(person, "poison") with
        {
            Id = RandomNumberGenerator.GetHexString(20_000),
        };
        var data = new JsonArray(
            line.From(person, "before").ToData(),
            huge.ToData(),
            line.From(person, "after").ToData()
        );

        var answer = await line.PostAsync(line.Number.Envelope("messages.upsert", data, At), Ct);

        Assert.Equal(new(2, 0, 0, 1), answer);
        Assert.Equal(["before", "after"], (await line.ThreadAsync(Ct)).Select(m => m.Text));
        Assert.Equal(2, (await line.ConversationAsync(Ct)).UnreadCount);
        var kept = Assert.Single(await ReadAsync(line));
        Assert.Equal("It can't be stored: 54000", kept.Reason);
        Assert.Equal(huge.Id, JsonNode.Parse(kept.Body)!["key"]!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Stories_newsletters_and_other_events_are_counted_as_ignored_and_leave_nothing()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        JsonObject[] ignored =
        [
            line.Number.Story(person, "my day").ToEnvelope(),
            line.Number.NewsletterPost("news").ToEnvelope(),
            line.Number.ContactsUpdate(At, person),
            line.Number.PresenceUpdate(person.PhoneJid, person.PhoneJid, "composing", At),
            line.Number.ContactsUpsert(At, person),
            line.Number.ChatsUpsert(At, person),
            line.Number.ChatsUpsert(At, person, isShort: true),
            line.Number.ChatsUpdate(At, person),
            line.Number.StatusInstance(401, At),
            line.Number.ChatsDelete(At, person),
            line.Number.Envelope("never.heard.of", new JsonObject(), At),
            line.Number.Envelope("labels.edit", JsonValue.Create("text"), At),
        ];

        foreach (var envelope in ignored)
        {
            Assert.Equal(new(0, 0, 1, 0), await line.PostAsync(envelope, Ct));
        }

        var two = line.Number.ContactsUpdate(At, person, flowChat.NewPerson());
        Assert.Equal(new(0, 0, 2, 0), await line.PostAsync(two, Ct));
        Assert.Empty(await line.ConversationsAsync(Ct));
        Assert.Empty(await ReadAsync(line));
    }

    [Fact]
    public async Task The_history_of_a_phone_is_ignored_message_by_message()
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var history = line.Number.MessagesSet(
            At,
            line.From(person, "De antes"),
            line.From(person, "Ainda antes")
        );

        Assert.Equal(new(0, 0, 2, 0), await line.PostAsync(history, Ct));
        Assert.Empty(await line.ConversationsAsync(Ct));
        Assert.Empty(await ReadAsync(line));
    }

    [Theory]
    [InlineData("reactionMessage")]
    [InlineData("protocolMessage")]
    [InlineData("pollUpdateMessage")]
    [InlineData("senderKeyDistributionMessage")]
    public async Task What_shows_nothing_in_a_thread_makes_no_bubble(string kind)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var envelope = line.From(flowChat.NewPerson(), "").ToEnvelope();
        envelope["data"]!["message"] = new JsonObject
        {
            [kind] = new JsonObject { ["text"] = "👍" },
        };

        Assert.Equal(new(0, 0, 1, 0), await line.PostAsync(envelope, Ct));
        Assert.Empty(await line.ConversationsAsync(Ct));
    }

    [Theory]
    [InlineData(
        """{"event":"messages.upsert","apikey":"SECRET","data":{""",
        """apikey":"removed","""
    )]
    [InlineData("""{"apikey" : "SECRET","data":{}}""", """{"apikey" : "removed","data":{}}""")]
    [InlineData("""{"ApiKey":"SEC\"RET","data":{}}""", """{"ApiKey":"removed","data":{}}""")]
    [InlineData("""{"data":{},"apikey":"SECR""", """{"data":{},"apikey":"removed""")]
    [InlineData("""[{"apikey":"SECRET"},{"apikey":7,"x":1}]""", """apikey":"removed","x":1}]""")]
    [InlineData(
        """{"apikey":null,"text":"\"apikey\""}""",
        """{"apikey":null,"text":"\"apikey\""}"""
    )]
    public async Task A_gateways_key_is_not_kept(string body, string rest)
    {
        var line = await flowChat.ConnectAsync(Ct);

        Assert.Equal(new(0, 0, 0, 1), await line.PostAsync(Encoding.UTF8.GetBytes(body), Ct));

        var kept = Encoding.UTF8.GetString(Assert.Single(await ReadAsync(line)).Body);
        Assert.Contains(rest, kept, StringComparison.Ordinal);
        Assert.DoesNotContain("SEC", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("RET", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_of_another_instances_envelope_is_not_kept()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var other = line.Number with { InstanceName = "another", ApiKey = "EAAG-secret" };

        var told = new TextMessage(other, flowChat.NewPerson(), "Oi");
        Assert.Equal(new(0, 0, 0, 1), await line.PostAsync(told, Ct));

        var kept = JsonNode.Parse(Assert.Single(await ReadAsync(line)).Body)!;
        Assert.Equal(("removed", "another"), ((string?)kept["apikey"], (string?)kept["instance"]));
    }

    private async Task<IReadOnlyList<(string Reason, byte[] Body)>> ReadAsync(WebhookLine line)
    {
        await using var database = new Database(flowChat.ConnectionString + ";Pooling=false");
        await using var command = database.Migrator.CreateCommand(
            "select reason, body from quarantine where instance_id = $1"
        );
        command.Parameters.Add(new() { Value = line.Instance.Id });
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var rows = new List<(string, byte[])>();
        while (await reader.ReadAsync(Ct))
        {
            rows.Add((reader.GetString(0), reader.GetFieldValue<byte[]>(1)));
        }
        return rows;
    }
}
