using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Testing;

/// <summary>What goes wrong at the fake, and what it tells by webhook.</summary>
public sealed class FakeEvolutionTests : IAsyncLifetime
{
    private CalledFake called = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => called = await CalledFake.StartAsync();

    public ValueTask DisposeAsync() => called.DisposeAsync();

    [Fact]
    public async Task A_send_is_answered_201_and_recorded_with_its_header_and_body()
    {
        var waiting = called.Fake.WaitForSendAsync(request => request.Text is "Olá", Ct);

        var (status, answer) = await called.SendAsync();

        Assert.Equal(HttpStatusCode.Created, status);
        var sent = Assert.Single(called.Fake.Sent.All);
        Assert.Equal(sent.Id, answer!["key"]!["id"]!.GetValue<string>());
        var request = await waiting;
        Assert.Equal("/message/sendText/loja +1", request.Path);
        Assert.Equal(called.Fake.ApiKey, request.Headers["apikey"]);
    }

    [Fact]
    public async Task A_lost_reply_reaches_the_contact_and_a_dropped_request_does_not()
    {
        called.Fake.Script.Next(Reply.Dropped, Reply.Lost);

        await Assert.ThrowsAsync<HttpRequestException>(called.SendAsync);
        Assert.Empty(called.Fake.Sent.All);

        await Assert.ThrowsAsync<HttpRequestException>(called.SendAsync);
        Assert.Single(called.Fake.Sent.All);
    }

    [Fact]
    public async Task A_400_may_come_of_a_message_that_was_sent()
    {
        called.Fake.Script.Next(
            Reply.FailedAfterSend("Unique constraint failed"),
            Reply.Refused(Answer.NotOnWhatsApp("55"))
        );

        Assert.Equal(HttpStatusCode.BadRequest, (await called.SendAsync()).Status);
        var (status, answer) = await called.SendAsync();

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.False(answer!["response"]!["message"]![0]!["exists"]!.GetValue<bool>());
        Assert.Single(called.Fake.Sent.All);
    }

    [Fact]
    public async Task A_closed_number_refuses_to_send()
    {
        await called.Instance.ChangeStateAsync("close");

        var (status, answer) = await called.SendAsync();

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            "Error: Connection Closed",
            answer!["response"]!["message"]![0]!.GetValue<string>()
        );
        Assert.Empty(called.Fake.Sent.All);
    }

    [Fact]
    public async Task It_refuses_connections_and_comes_back_on_the_same_port()
    {
        await called.Fake.StopListeningAsync();
        var refused = await Assert.ThrowsAsync<HttpRequestException>(called.SendAsync);
        Assert.Equal(HttpRequestError.ConnectionError, refused.HttpRequestError);

        await called.Fake.ListenAsync();

        Assert.Equal(HttpStatusCode.Created, (await called.SendAsync()).Status);
    }

    [Fact]
    public async Task The_echo_can_come_twice_before_the_answer_and_carries_the_secret()
    {
        await using var listener = await FakeEvolution.StartAsync();
        called.Instance.Webhook = WebhookTarget.WithSecret(
            new Uri(listener.BaseUrl, "/hook"),
            "whs_x"
        );
        called.Fake.Echo = new EchoPlan { Copies = 2, BeforeAnswer = true };

        await called.SendAsync();

        Assert.Equal(2, listener.Requests.All.Count);
        var echo = listener.Requests.All[0];
        Assert.Equal("Bearer whs_x", echo.Headers["Authorization"]);
        Assert.Equal("send.message", echo.Body!["event"]!.GetValue<string>());
        Assert.Equal(
            called.Fake.Sent.All[0].Id,
            echo.Body["data"]!["key"]!["id"]!.GetValue<string>()
        );
    }

    [Fact]
    public async Task The_echo_of_a_file_is_what_WhatsApp_makes_of_it()
    {
        await using var listener = await FakeEvolution.StartAsync();
        called.Instance.Webhook = WebhookTarget.WithSecret(
            new Uri(listener.BaseUrl, "/hook"),
            "whs_x"
        );
        called.Fake.Echo = new EchoPlan { BeforeAnswer = true };
        var bytes = new byte[] { 0xFF, 0xD8, 0xFF, 0xE0 };

        using var response = await called.Http.PostAsJsonAsync(
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
        called.Instance.Webhook = WebhookTarget.WithSecret(
            new Uri(listener.BaseUrl, "/hook"),
            "whs_x"
        );

        var delivery = await called.Instance.ReceiveAsync(Person.Ana, "Oi");

        Assert.Equal(new WebhookDelivery("messages.upsert", 1, HttpStatusCode.NotFound), delivery);
    }

    [Fact]
    public async Task A_delay_holds_the_answer()
    {
        called.Fake.HoldsDelays = true;
        var begun = TimeProvider.System.GetTimestamp();

        var (status, _) = await called.PostAsync(
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
}
