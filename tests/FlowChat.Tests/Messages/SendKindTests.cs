using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;

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
            "wuid":"5521998765432","organization":null,"email":null}]}
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
             "quoted":{"key":{"id":"3EB0QUESTION","remoteJid":"{{ana.PhoneJid}}","fromMe":false,"participant":null},
                       "message":{"conversation":"Aberto hoje?"} },
             "mentioned":["{{ana.PhoneJid}}"],"text":"Sim, @{{ana.Phone}}"}
            """
        );
        var body = Assert.Single(number.Sends).Body;
        Assert.True(JsonNode.DeepEquals(expected, body), body!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"text":"a","type":"image"}""", "type")]
    [InlineData("""{"location":{"latitude":91,"longitude":0}}""", "location.latitude")]
    [InlineData("""{"location":{"latitude":1,"longitude":0},"text":"a"}""", "text")]
    [InlineData("""{"poll":{"question":"a","options":["b"]}}""", "poll.options")]
    [InlineData("""{"poll":{"question":"a","options":["b","b"]}}""", "poll.options")]
    [InlineData("""{"contacts":[{"name":"a","phones":[]}]}""", "contacts.phones")]
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
