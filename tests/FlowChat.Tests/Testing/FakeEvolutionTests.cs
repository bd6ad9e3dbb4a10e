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

    private async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync()
    {
        using var response = await http.PostAsJsonAsync(
            "/message/sendText/loja%20+1",
            new { number = Person.Ana.Phone, text = "Olá" },
            Ct
        );
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonNode>(Ct));
    }
}
