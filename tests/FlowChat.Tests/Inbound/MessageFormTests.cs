using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Inbound;

public sealed class MessageFormTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Every_form_of_a_text_arrives_in_one_conversation(bool inGroup, bool fromMe)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        var group = inGroup ? new Group($"1203630{person.Phone}@g.us", "Fornecedores") : null;
        // From here on the phone and the LID are known to be one person.
        var first = line.From(person, "first") with
        {
            Form = new() { Address = AddressForm.PhoneWithLidAlt },
            Group = group,
        };
        await line.PostAsync(first, Ct);
        var messages = MessageForm
            .All.Select(
                (form, i) =>
                    line.From(person, $"{i} {form}", form) with
                    {
                        FromMe = fromMe,
                        Group = group,
                    }
            )
            .ToList();

        var answers = await Task.WhenAll(messages.Select(message => line.PostAsync(message, Ct)));

        Assert.All(answers, answer => Assert.Equal(new(1, 0, 0, 0), answer));
        var thread = (await line.ThreadAsync(Ct)).Skip(1).ToDictionary(m => m.WaId!);
        Assert.Equal(messages.Count, thread.Count);
        foreach (var sent in messages)
        {
            var seen = thread[sent.Id];
            Assert.Equal(
                ("text", sent.Text, fromMe ? "out" : "in", sent.SentAt),
                (seen.Type, seen.Text, seen.Direction, seen.SentAt)
            );
            Assert.Equal(
                (fromMe ? "phone" : "contact", fromMe ? null : person.Name),
                (seen.Sender!.Kind, seen.Sender.Name)
            );
        }
        var conversation = await line.ConversationAsync(Ct);
        Assert.Equal(inGroup ? "group" : "direct", conversation.Kind);
        Assert.Equal(group?.Jid, conversation.Group?.Jid);
        Assert.Equal(inGroup ? null : "+" + person.Phone, conversation.Contact?.Phone);
        Assert.Equal(fromMe ? 0 : messages.Count + 1, conversation.UnreadCount);
    }

    [Fact]
    public async Task An_array_keeps_its_order_within_one_second()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        var texts = Enumerable.Range(0, 300).Select(i => $"{i}").ToList();
        var data = new JsonArray([.. texts.Select(text => line.From(person, text).ToData())]);

        var answer = await line.PostAsync(
            line.Number.Envelope("messages.upsert", data, line.From(person, "").SentAt),
            Ct
        );

        Assert.Equal(new(300, 0, 0, 0), answer);
        Assert.Equal(texts, (await line.ThreadAsync(Ct)).Select(message => message.Text));
    }

    [Fact]
    public async Task What_is_broken_in_an_array_leaves_the_rest()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        var good = line.From(person, "good");
        var data = new JsonArray(
            good.ToData(),
            new JsonObject { ["message"] = "no key" },
            JsonValue.Create(7),
            line.From(person, "better").ToData(),
            good.ToData()
        );

        var answer = await line.PostAsync(
            line.Number.Envelope("messages.upsert", data, good.SentAt),
            Ct
        );

        Assert.Equal(new(2, 1, 0, 2), answer);
        Assert.Equal(["good", "better"], (await line.ThreadAsync(Ct)).Select(m => m.Text));
    }

    [Fact]
    public async Task The_thread_has_WhatsApps_time_and_arrival_breaks_the_tie()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        var at = line.From(person, "").SentAt;
        (string Text, int Second)[] arriving = [("c", 2), ("a", 1), ("d", 2), ("b", 1), ("e", 3)];

        foreach (var (text, second) in arriving)
        {
            await line.PostAsync(
                line.From(person, text) with
                {
                    SentAt = at.AddSeconds(second),
                },
                Ct
            );
        }

        Assert.Equal(["a", "b", "c", "d", "e"], (await line.ThreadAsync(Ct)).Select(m => m.Text));
        var conversation = await line.ConversationAsync(Ct);
        Assert.Equal(
            ("e", at.AddSeconds(3)),
            (conversation.LastMessage!.Text, conversation.LastActivityAt)
        );
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("\"soon\"")]
    [InlineData("1e300")]
    [InlineData("99999999999")]
    [InlineData("9223372036854775807")]
    [InlineData("{\"low\":-1,\"high\":2147483647}")]
    [InlineData("null")]
    public async Task A_time_that_cannot_be_is_the_time_of_arrival(string timestamp)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var envelope = line.From(flowChat.NewPerson(), "Oi").ToEnvelope();
        envelope["data"]!["messageTimestamp"] = JsonNode.Parse(timestamp);
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-1);

        await line.PostAsync(envelope, Ct);

        var message = Assert.Single(await line.ThreadAsync(Ct));
        Assert.InRange(message.SentAt, before, TimeProvider.System.GetUtcNow().AddSeconds(1));
    }

    [Fact]
    public async Task A_time_in_milliseconds_is_understood()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var message = line.From(flowChat.NewPerson(), "Oi");
        var envelope = message.ToEnvelope();
        envelope["data"]!["messageTimestamp"] = message.SentAt.ToUnixTimeMilliseconds();

        await line.PostAsync(envelope, Ct);

        Assert.Equal(message.SentAt, Assert.Single(await line.ThreadAsync(Ct)).SentAt);
    }

    [Theory]
    [InlineData("Ana \\u0000 tudo bem?", "Ana \ufffd tudo bem?")]
    [InlineData("half \\ud83d a smile", "half \ufffd a smile")]
    [InlineData("other half \\ude00", "other half \ufffd")]
    [InlineData("whole \\ud83d\\ude00", "whole 😀")]
    [InlineData("written \\\\u0000 out", "written \\u0000 out")]
    public async Task What_PostgreSQL_cannot_store_is_cleaned(string json, string stored)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var envelope = line.From(flowChat.NewPerson(), "TEXT").ToEnvelope();
        envelope["data"]!["pushName"] = "TEXT";
        var body = EvolutionJson.Text(envelope).Replace("TEXT", json, StringComparison.Ordinal);

        var answer = await line.PostAsync(System.Text.Encoding.UTF8.GetBytes(body), Ct);

        Assert.Equal(new(1, 0, 0, 0), answer);
        var message = Assert.Single(await line.ThreadAsync(Ct));
        Assert.Equal((stored, stored), (message.Text, message.Sender!.Name));
    }

    [Fact]
    public async Task A_message_of_another_kind_is_kept_and_marked_as_not_shown_yet()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var envelope = line.From(flowChat.NewPerson(), "").ToEnvelope();
        envelope["data"]!["message"] = new JsonObject
        {
            ["messageContextInfo"] = new JsonObject(),
            ["productMessage"] = new JsonObject { ["businessOwnerJid"] = "1@lid" },
        };

        Assert.Equal(new(1, 0, 0, 0), await line.PostAsync(envelope, Ct));

        var message = Assert.Single(await line.ThreadAsync(Ct));
        Assert.Equal(("unsupported", (string?)null), (message.Type, message.Text));
    }
}
