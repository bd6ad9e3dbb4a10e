using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Testing;

public sealed class FakeEvolutionTests : IAsyncLifetime
{
    private readonly HttpClient http = new();
    private FakeEvolution fake = null!;
    private FakeInstance instance = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        fake = await FakeEvolution.StartAsync();
        instance = fake.AddInstance("loja +1");
        http.BaseAddress = fake.BaseUrl;
        http.DefaultRequestHeaders.Add("apikey", fake.ApiKey);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await fake.DisposeAsync();
    }

    [Fact]
    public async Task A_send_is_answered_201_and_recorded_with_its_header_and_body()
    {
        var waiting = fake.WaitForSendAsync(request => request.Text is "Olá", Ct);

        var (status, answer) = await SendAsync();

        Assert.Equal(HttpStatusCode.Created, status);
        var sent = Assert.Single(fake.Sent.All);
        Assert.Equal(sent.Id, answer!["key"]!["id"]!.GetValue<string>());
        var request = await waiting;
        Assert.Equal("/message/sendText/loja +1", request.Path);
        Assert.Equal(fake.ApiKey, request.Headers["apikey"]);
    }

    [Theory]
    [InlineData("unknown", "wrong", HttpStatusCode.NotFound)]
    [InlineData("loja +1", "wrong", HttpStatusCode.Unauthorized)]
    public async Task The_instance_is_looked_up_before_the_key(
        string name,
        string key,
        HttpStatusCode expected
    )
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"/instance/connectionState/{Uri.EscapeDataString(name)}"
        );
        request.Headers.Add("apikey", key);
        using var stranger = new HttpClient { BaseAddress = fake.BaseUrl };

        using var response = await stranger.SendAsync(request, Ct);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_lost_reply_reaches_the_contact_and_a_dropped_request_does_not()
    {
        fake.Script.Next(Reply.Dropped, Reply.Lost);

        await Assert.ThrowsAsync<HttpRequestException>(SendAsync);
        Assert.Empty(fake.Sent.All);

        await Assert.ThrowsAsync<HttpRequestException>(SendAsync);
        Assert.Single(fake.Sent.All);
    }

    [Fact]
    public async Task A_400_may_come_of_a_message_that_was_sent()
    {
        fake.Script.Next(
            Reply.FailedAfterSend("Unique constraint failed"),
            Reply.Refused(Answer.NotOnWhatsApp("55"))
        );

        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync()).Status);
        var (status, answer) = await SendAsync();

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.False(answer!["response"]!["message"]![0]!["exists"]!.GetValue<bool>());
        Assert.Single(fake.Sent.All);
    }

    [Fact]
    public async Task A_closed_number_refuses_to_send()
    {
        await instance.ChangeStateAsync("close");

        var (status, answer) = await SendAsync();

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            "Error: Connection Closed",
            answer!["response"]!["message"]![0]!.GetValue<string>()
        );
        Assert.Empty(fake.Sent.All);
    }

    [Fact]
    public async Task It_refuses_connections_and_comes_back_on_the_same_port()
    {
        await fake.StopListeningAsync();
        var refused = await Assert.ThrowsAsync<HttpRequestException>(SendAsync);
        Assert.Equal(HttpRequestError.ConnectionError, refused.HttpRequestError);

        await fake.ListenAsync();

        Assert.Equal(HttpStatusCode.Created, (await SendAsync()).Status);
    }

    [Fact]
    public async Task The_echo_can_come_twice_before_the_answer_and_carries_the_secret()
    {
        await using var listener = await FakeEvolution.StartAsync();
        instance.Webhook = WebhookTarget.WithSecret(new Uri(listener.BaseUrl, "/hook"), "whs_x");
        fake.Echo = new EchoPlan { Copies = 2, BeforeAnswer = true };

        await SendAsync();

        Assert.Equal(2, listener.Requests.All.Count);
        var echo = listener.Requests.All[0];
        Assert.Equal("Bearer whs_x", echo.Headers["Authorization"]);
        Assert.Equal("send.message", echo.Body!["event"]!.GetValue<string>());
        Assert.Equal(fake.Sent.All[0].Id, echo.Body["data"]!["key"]!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_echo_of_a_file_is_what_WhatsApp_makes_of_it()
    {
        await using var listener = await FakeEvolution.StartAsync();
        instance.Webhook = WebhookTarget.WithSecret(new Uri(listener.BaseUrl, "/hook"), "whs_x");
        fake.Echo = new EchoPlan { BeforeAnswer = true };
        var bytes = new byte[] { 0xFF, 0xD8, 0xFF, 0xE0 };

        using var response = await http.PostAsJsonAsync(
            "/message/sendMedia/loja%20+1",
            new
            {
                number = Person.Ana.Phone,
                mediatype = "image",
                mimetype = "image/jpeg",
                caption = "Veja",
                media = Convert.ToBase64String(bytes),
            },
            Ct
        );

        var data = listener.Requests.All[0].Body!["data"]!;
        Assert.Equal("imageMessage", data["messageType"]!.GetValue<string>());
        var image = data["message"]!["imageMessage"]!;
        Assert.Equal("Veja", image["caption"]!.GetValue<string>());
        Assert.Equal(
            Convert.ToBase64String(SHA256.HashData(bytes)),
            image["fileSha256"]!.GetValue<string>()
        );
    }

    [Fact]
    public async Task A_webhook_answered_404_is_lost_for_good()
    {
        await using var listener = await FakeEvolution.StartAsync();
        instance.Webhook = WebhookTarget.WithSecret(new Uri(listener.BaseUrl, "/hook"), "whs_x");

        var delivery = await instance.ReceiveAsync(Person.Ana, "Oi");

        Assert.Equal(new WebhookDelivery("messages.upsert", 1, HttpStatusCode.NotFound), delivery);
    }

    // Route, body, a field that it can't do without, and a field of the answer.
    [Theory]
    [InlineData(
        "message/sendButtons",
        """{"number":"5511987654321","title":"Confirma?","buttons":[{"type":"reply","displayText":"Sim","id":"yes"}]}""",
        "buttons",
        "message"
    )]
    [InlineData(
        "message/sendList",
        """{"number":"5511987654321","title":"Entrega","footerText":"Loja","buttonText":"Escolher","sections":[]}""",
        "sections",
        "message"
    )]
    [InlineData(
        "message/sendReaction",
        """{"key":{"id":"A","remoteJid":"5511987654321@s.whatsapp.net","fromMe":false},"reaction":"👍"}""",
        "key",
        "message"
    )]
    [InlineData(
        "chat/markChatUnread",
        """{"lastMessage":{"key":{"remoteJid":"5511987654321@s.whatsapp.net"}}}""",
        "lastMessage",
        "markedChatUnread"
    )]
    [InlineData(
        "chat/archiveChat",
        """{"archive":false,"chat":"5511987654321@s.whatsapp.net"}""",
        "archive",
        "archived"
    )]
    [InlineData(
        "chat/sendPresence",
        """{"number":"5511987654321","presence":"composing","delay":1}""",
        "delay",
        "presence"
    )]
    public async Task A_route_answers_201_and_misses_its_fields(
        string route,
        string body,
        string required,
        string answered
    )
    {
        var whole = JsonNode.Parse(body)!.AsObject();
        var (status, answer) = await PostAsync(route, whole);
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.NotNull(answer![answered]);

        whole.Remove(required);
        (status, answer) = await PostAsync(route, whole);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            $"instance requires property \"{required}\"",
            (string?)answer!["response"]!["message"]![0]![0]
        );
    }

    [Fact]
    public async Task A_fourth_reply_button_is_refused()
    {
        var body = JsonNode.Parse("""{"number":"5511987654321","title":"Confirma?"}""")!.AsObject();
        body["buttons"] = new JsonArray([
            .. Enumerable.Range(0, 4).Select(_ => (JsonNode)new JsonObject { ["type"] = "reply" }),
        ]);

        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await PostAsync("message/sendButtons", body)).Status
        );
        Assert.Empty(fake.Sent.All);
    }

    [Fact]
    public async Task A_profile_is_told_with_a_200()
    {
        fake.Numbers["5511987654321"] = null;
        var (status, nobody) = await PostAsync(
            "chat/fetchProfile",
            new() { ["number"] = "5511987654321" }
        );
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False((bool)nobody!["numberExists"]!);
        Assert.True((bool)(await PostAsync("chat/fetchProfile", [])).Body!["numberExists"]!);
    }

    [Fact]
    public async Task A_file_can_come_in_a_form()
    {
        using var file = new ByteArrayContent([0xFF, 0xD8, 0xFF, 0xE0]);
        file.Headers.ContentType = new("image/jpeg");
        using var form = new MultipartFormDataContent
        {
            { new StringContent(Person.Ana.Phone), "number" },
            { new StringContent("image"), "mediatype" },
            { new StringContent("Veja"), "caption" },
            { file, "file", "foto.jpg" },
        };

        using var response = await http.PostAsync("/message/sendMedia/loja%20+1", form, Ct);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var sent = Assert.Single(fake.Sent.All);
        Assert.Equal(
            ("Veja", "image", 4, "foto.jpg"),
            (sent.Text, sent.File!.Kind, sent.File.Size, sent.File.Name)
        );
    }

    [Fact]
    public async Task An_event_that_it_does_not_know_is_refused_with_all_others()
    {
        var webhook = new JsonObject
        {
            ["enabled"] = true,
            ["url"] = "http://127.0.0.1:1/hook",
            ["events"] = new JsonArray("MESSAGES_UPSERT", "GROUPS_UPDATE"),
        };

        var (status, _) = await PostAsync("webhook/set", new() { ["webhook"] = webhook });

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Null(instance.Webhook);
    }

    [Theory]
    [InlineData("edit", "send.message.update")]
    [InlineData("delete", "messages.delete")]
    [InlineData("reaction", "send.message")]
    public async Task A_change_is_answered_with_its_message_and_told_as_often_as_planned(
        string kind,
        string told
    )
    {
        await using var listener = await FakeEvolution.StartAsync();
        instance.Webhook = WebhookTarget.WithSecret(new Uri(listener.BaseUrl, "/hook"), "whs_x");
        fake.Echo = new EchoPlan
        {
            TellsChanges = true,
            Copies = 2,
            BeforeAnswer = true,
        };
        var key = new JsonObject
        {
            ["id"] = "3EB0TARGET",
            ["remoteJid"] = Person.Ana.PhoneJid,
            ["fromMe"] = true,
        };

        var (status, answer) = kind switch
        {
            "edit" => await PostAsync(
                "chat/updateMessage",
                new()
                {
                    ["number"] = Person.Ana.Phone,
                    ["key"] = key,
                    ["text"] = "Novo",
                }
            ),
            "delete" => await RequestAsync(HttpMethod.Delete, "chat/deleteMessageForEveryone", key),
            _ => await PostAsync(
                "message/sendReaction",
                new() { ["key"] = key, ["reaction"] = "👍" }
            ),
        };

        Assert.Equal(kind == "edit" ? HttpStatusCode.OK : HttpStatusCode.Created, status);
        Assert.NotNull(answer!["message"]);
        var change = Assert.Single(fake.Changed.All);
        Assert.Equal((kind, "3EB0TARGET"), (change.Kind, change.TargetId));
        Assert.Equal(
            [told, told],
            listener.Requests.All.Select(request => (string?)request.Body!["event"])
        );
    }

    [Fact]
    public async Task A_delay_holds_the_answer()
    {
        fake.HoldsDelays = true;
        var begun = TimeProvider.System.GetTimestamp();

        var (status, _) = await PostAsync(
            "message/sendText",
            new()
            {
                ["number"] = Person.Ana.Phone,
                ["text"] = "Olá",
                ["delay"] = 60,
            }
        );

        Assert.Equal(HttpStatusCode.Created, status);
        // A timer may be some milliseconds early.
        Assert.True(TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromMilliseconds(40));
    }

    [Theory]
    [InlineData("EAAG-secret", false)]
    [InlineData(null, true)]
    public void An_envelope_has_its_key_and_its_sender_where_there_are_any(
        string? apiKey,
        bool isPaired
    )
    {
        var number = new EvolutionNumber("loja") { ApiKey = apiKey, IsPaired = isPaired };

        var envelope = new TextMessage(number, Person.Ana, "Oi").ToEnvelope();

        Assert.Equal(apiKey, (string?)envelope["apikey"]);
        Assert.Equal(isPaired, envelope.ContainsKey("sender"));
    }

    private Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync() =>
        PostAsync("message/sendText", new() { ["number"] = Person.Ana.Phone, ["text"] = "Olá" });

    private Task<(HttpStatusCode Status, JsonNode? Body)> PostAsync(
        string route,
        JsonObject body
    ) => RequestAsync(HttpMethod.Post, route, body);

    private async Task<(HttpStatusCode Status, JsonNode? Body)> RequestAsync(
        HttpMethod method,
        string route,
        JsonObject body
    )
    {
        using var request = new HttpRequestMessage(method, $"/{route}/loja%20+1")
        {
            Content = JsonContent.Create(body),
        };
        using var response = await http.SendAsync(request, Ct);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonNode>(Ct));
    }
}
