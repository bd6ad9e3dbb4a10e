using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Testing;

/// <summary>What the fake tells by webhook.</summary>
public sealed class FakeEvolutionWebhookTests : IAsyncLifetime
{
    private CalledFake called = null!;
    private FakeEvolution listener = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        called = await CalledFake.StartAsync();
        listener = await FakeEvolution.StartAsync();
        called.Instance.Webhook = WebhookTarget.WithSecret(
            new Uri(listener.BaseUrl, "/hook"),
            "whs_x"
        );
    }

    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync();
        await called.DisposeAsync();
    }

    [Fact]
    public async Task The_echo_can_come_twice_before_the_answer_and_carries_the_secret()
    {
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
        var delivery = await called.Instance.ReceiveAsync(Person.Ana, "Oi");

        Assert.Equal(new WebhookDelivery("messages.upsert", 1, HttpStatusCode.NotFound), delivery);
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
        called.Fake.Echo = new EchoPlan
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
            "edit" => await called.PostAsync(
                "chat/updateMessage",
                new()
                {
                    ["number"] = Person.Ana.Phone,
                    ["key"] = key,
                    ["text"] = "Novo",
                }
            ),
            "delete" => await called.RequestAsync(
                HttpMethod.Delete,
                "chat/deleteMessageForEveryone",
                key
            ),
            _ => await called.PostAsync(
                "message/sendReaction",
                new() { ["key"] = key, ["reaction"] = "👍" }
            ),
        };

        Assert.Equal(kind == "edit" ? HttpStatusCode.OK : HttpStatusCode.Created, status);
        Assert.NotNull(answer!["message"]);
        var change = Assert.Single(called.Fake.Changed.All);
        Assert.Equal((kind, "3EB0TARGET"), (change.Kind, change.TargetId));
        Assert.Equal(
            [told, told],
            listener.Requests.All.Select(request => (string?)request.Body!["event"])
        );
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
