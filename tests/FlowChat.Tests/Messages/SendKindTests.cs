using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Messages;

/// <summary>What an agent sends besides texts, in the gateway's words.</summary>
public sealed class SendKindTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static readonly string Jid = Person.Number(1).PhoneJid;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_place() =>
        SendAsync(
            new()
            {
                ["location"] = new JsonObject
                {
                    ["latitude"] = -23.5613,
                    ["longitude"] = -46.6565,
                    ["name"] = "MASP",
                },
            },
            "location",
            "/message/sendLocation/loja",
            $$"""{"number":"{{Jid}}","linkPreview":false,"latitude":-23.5613,"longitude":-46.6565,"name":"MASP","address":""}"""
        );

    [Fact]
    public Task A_card() =>
        SendAsync(
            new()
            {
                ["contacts"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = "Bruno Carvalho",
                        ["phones"] = new JsonArray("+55 21 99876-5432"),
                    }
                ),
            },
            "contacts",
            "/message/sendContact/loja",
            $$"""
            {"number":"{{Jid}}","linkPreview":false,"contact":[{"fullName":"Bruno Carvalho","phoneNumber":"+55 21 99876-5432",
            "wuid":"5521998765432"}]}
            """
        );

    [Fact]
    public Task A_card_with_two_numbers() =>
        SendAsync(
            new()
            {
                ["contacts"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = "Bruno",
                        ["phones"] = new JsonArray("5521998765432", "5511987654321"),
                    }
                ),
            },
            "contacts",
            "/message/sendContact/loja",
            $$"""
            {"number":"{{Jid}}","linkPreview":false,"contact":[
            {"fullName":"Bruno","phoneNumber":"5521998765432","wuid":"5521998765432"},
            {"fullName":"Bruno","phoneNumber":"5511987654321","wuid":"5511987654321"}]}
            """
        );

    [Fact]
    public Task A_poll() =>
        SendAsync(
            new()
            {
                ["poll"] = new JsonObject
                {
                    ["question"] = "O que vamos beber?",
                    ["options"] = new JsonArray("Chá", "Água"),
                    ["selectable_count"] = 1,
                },
            },
            "poll",
            "/message/sendPoll/loja",
            $$"""{"number":"{{Jid}}","linkPreview":false,"name":"O que vamos beber?","selectableCount":1,"values":["Chá","Água"]}"""
        );

    [Theory]
    [InlineData(null, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public Task A_text_with_the_page_of_its_link(bool? asked, bool shown) =>
        SendAsync(
            new() { ["text"] = "Veja https://loja.example", ["link_preview"] = asked },
            "text",
            "/message/sendText/loja",
            $$"""{"number":"{{Jid}}","linkPreview":{{(shown ? "true" : "false")}},"text":"Veja https://loja.example"}"""
        );

    [Theory]
    [InlineData("""{"text":"Olá","link_preview":true}""", "The text has no link")]
    [InlineData("""{"location":{"latitude":1,"longitude":2},"link_preview":true}""", "Only a text")]
    public async Task The_page_of_a_link_needs_a_text_with_one(string body, string expected)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);

        using var response = await TryPostAsync(conversation.Id, JsonNode.Parse(body)!.AsObject());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Contains(
            expected,
            (string)problem!["errors"]!["link_preview"]![0]!,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_answer_and_a_mention()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var ana = Person.Number(1);
        await number.Fake.ReceiveAsync(ana, "Aberto hoje?", "3EB0QUESTION");
        var asked = (await number.WaitAsync(e => e.Message?.WaId == "3EB0QUESTION", Ct)).Message!;

        var answer = await PostAsync(
            asked.ConversationId,
            new()
            {
                ["text"] = $"Sim, @{ana.Phone}",
                ["reply_to"] = asked.Id.ToString(),
                ["mentions"] = new JsonArray("+" + ana.Phone),
            }
        );
        await number.WaitAsync(answer, "sent", Ct);

        Assert.Equal((asked.Id, "Aberto hoje?"), (answer.ReplyTo!.MessageId, answer.ReplyTo.Text));
        Assert.Equal(ana.Name, Assert.Single(answer.Mentions).Name);
        var expected = JsonNode.Parse(
            $$"""
            {"number":"{{ana.PhoneJid}}","linkPreview":false,
             "quoted":{"key":{"id":"3EB0QUESTION","remoteJid":"{{ana.PhoneJid}}","fromMe":false},
                       "message":{"conversation":"Aberto hoje?"} },
             "mentioned":["{{ana.PhoneJid}}"],"text":"Sim, @{{ana.Phone}}"}
            """
        );
        var body = Assert.Single(number.Sends).Body;
        Assert.True(JsonNode.DeepEquals(expected, body), body!.ToJsonString());
    }

    [Fact]
    public async Task An_answer_in_a_group_names_the_author_and_leaves_the_original_to_the_gateway()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var group = Group.Suppliers with { Jid = "120363025246888888@g.us" };
        var ana = Person.Number(1);
        await number.Fake.PostAsync(
            new TextMessage(number.Fake.Number, ana, "Alguém tem?")
            {
                Group = group,
                Id = "3EB0GROUPQUESTION",
                SentAt = number.Now,
            }.ToEnvelope()
        );
        var asked = (
            await number.WaitAsync(e => e.Message?.WaId == "3EB0GROUPQUESTION", Ct)
        ).Message!;

        var answer = await PostAsync(
            asked.ConversationId,
            new() { ["text"] = "Tenho", ["reply_to"] = asked.Id.ToString() }
        );
        await number.WaitAsync(answer, "sent", Ct);

        var quoted = Assert.Single(number.Sends).Body!["quoted"]!;
        Assert.Equal(
            ("3EB0GROUPQUESTION", ana.PhoneJid),
            ((string?)quoted["key"]!["id"], (string?)quoted["key"]!["participant"])
        );
        Assert.Null(quoted["message"]);
    }

    [Fact]
    public async Task An_answer_to_what_has_no_text_leaves_the_original_to_the_gateway()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.PostAsync(
            new TextMessage(number.Fake.Number, Person.Number(1), "")
            {
                Message = MessageKinds.Location(),
                Id = "3EB0PLACE",
                SentAt = number.Now,
            }.ToEnvelope()
        );
        var place = (await number.WaitAsync(e => e.Message?.WaId == "3EB0PLACE", Ct)).Message!;

        var answer = await PostAsync(
            place.ConversationId,
            new() { ["text"] = "Chego já", ["reply_to"] = place.Id.ToString() }
        );
        await number.WaitAsync(answer, "sent", Ct);

        var quoted = Assert.Single(number.Sends).Body!["quoted"]!;
        Assert.Equal("3EB0PLACE", (string?)quoted["key"]!["id"]);
        Assert.Null(quoted["message"]);
    }

    [Theory]
    [InlineData("""{"poll":{"question":"a\u0000","options":["b\u0000","c"]}}""")]
    [InlineData("""{"contacts":[{"name":"a\u0000","phones":["+55 11 98765-4321\u0000"]}]}""")]
    [InlineData("""{"location":{"latitude":1,"longitude":2,"name":"a\u0000"}}""")]
    [InlineData("""{"text":"@5511","mentions":["5511@s.whatsapp.net\u0000"]}""")]
    public async Task What_can_not_be_stored_is_left_out_of_every_part(string body)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);

        using var response = await TryPostAsync(conversation.Id, JsonNode.Parse(body)!.AsObject());

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData(
        """{"poll":{"question":"a","options":["b","c"]}}""",
        """{"poll":{"question":"a","options":["b","d"]}}"""
    )]
    [InlineData(
        """{"text":"@5511 @5521","mentions":["5511"]}""",
        """{"text":"@5511 @5521","mentions":["5521"]}"""
    )]
    [InlineData(
        """{"text":"https://a.example","link_preview":true}""",
        """{"text":"https://a.example"}"""
    )]
    public async Task Another_message_under_the_same_id_is_a_conflict(string one, string other)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var id = Guid.CreateVersion7().ToString();

        foreach (
            var (body, status) in new[]
            {
                (one, HttpStatusCode.Created),
                (one, HttpStatusCode.OK),
                (other, HttpStatusCode.Conflict),
            }
        )
        {
            using var answer = await TryPostAsync(
                conversation.Id,
                JsonNode.Parse(body)!.AsObject(),
                id
            );
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("""{"text":"a","type":"image"}""", "type")]
    [InlineData("""{"location":{"latitude":91,"longitude":0}}""", "location.latitude")]
    [InlineData("""{"location":{"latitude":1,"longitude":0},"text":"a"}""", "text")]
    [InlineData("""{"poll":{"question":"a","options":["b"]}}""", "poll.options")]
    [InlineData("""{"poll":{"question":"a","options":["b","b"]}}""", "poll.options")]
    [InlineData(
        """{"poll":{"question":"a","options":["1","2","3","4","5","6","7","8","9","10","11"]}}""",
        "poll.options"
    )]
    [InlineData("""{"contacts":[{"name":"a","phones":[]}]}""", "contacts.phones")]
    [InlineData("""{"contacts":[{"name":"a","phones":["190"]}]}""", "contacts.phones")]
    [InlineData(
        """{"poll":{"question":"a","options":["b","c"]},"contacts":[{"name":"a","phones":["+55"]}]}""",
        "poll"
    )]
    [InlineData(
        """{"attachment_ids":["0193b2c4-7d6e-7abc-8def-001122334455"]}""",
        "attachment_ids"
    )]
    [InlineData("""{"text":"a","reply_to":"0193b2c4-7d6e-7abc-8def-001122334455"}""", "reply_to")]
    [InlineData("""{"text":"a","mentions":["@ana"]}""", "mentions")]
    [InlineData("""{}""", "text")]
    public async Task What_can_not_be_sent_is_refused_by_its_field(string body, string field)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);

        using var response = await TryPostAsync(conversation.Id, JsonNode.Parse(body)!.AsObject());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Equal(field, Assert.Single(problem!["errors"]!.AsObject()).Key);
        Assert.Empty(number.Sends);
    }

    private async Task SendAsync(JsonObject body, string type, string path, string expected)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);

        var message = await PostAsync(conversation.Id, body);
        Assert.Equal(type, message.Type);
        await number.WaitAsync(message, "sent", Ct);
        using var again = await TryPostAsync(conversation.Id, body, message.ClientMessageId!);

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        var request = Assert.Single(number.Sends);
        Assert.Equal(path, request.Path);
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(expected), request.Body),
            request.Body!.ToJsonString()
        );
    }

    private async Task<Message> PostAsync(Guid conversationId, JsonObject body)
    {
        using var response = await TryPostAsync(conversationId, body);
        Assert.True(
            response.StatusCode == HttpStatusCode.Created,
            await response.Content.ReadAsStringAsync(Ct)
        );
        return (await response.Content.ReadFromJsonAsync<Message>(FlowChatClient.Json, Ct))!;
    }

    private Task<HttpResponseMessage> TryPostAsync(
        Guid conversationId,
        JsonObject body,
        string? clientMessageId = null
    )
    {
        body["client_message_id"] = clientMessageId ?? Guid.CreateVersion7().ToString();
        return flowChat.Server.Client.Http.PostAsJsonAsync(
            $"/api/conversations/{conversationId}/messages",
            body,
            Ct
        );
    }
}
