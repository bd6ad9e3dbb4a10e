using System.Net;
using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Testing;

/// <summary>What the fake answers at its routes.</summary>
public sealed class FakeEvolutionRouteTests : IAsyncLifetime
{
    private CalledFake called = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => called = await CalledFake.StartAsync();

    public ValueTask DisposeAsync() => called.DisposeAsync();

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
        using var stranger = new HttpClient { BaseAddress = called.Fake.BaseUrl };

        using var response = await stranger.SendAsync(request, Ct);

        Assert.Equal(expected, response.StatusCode);
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
        var (status, answer) = await called.PostAsync(route, whole);
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.NotNull(answer![answered]);

        whole.Remove(required);
        (status, answer) = await called.PostAsync(route, whole);
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
            (await called.PostAsync("message/sendButtons", body)).Status
        );
        Assert.Empty(called.Fake.Sent.All);
    }

    [Fact]
    public async Task A_profile_is_told_with_a_200()
    {
        called.Fake.Numbers["5511987654321"] = null;
        var (status, nobody) = await called.PostAsync(
            "chat/fetchProfile",
            new() { ["number"] = "5511987654321" }
        );
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False((bool)nobody!["numberExists"]!);
        Assert.True((bool)(await called.PostAsync("chat/fetchProfile", [])).Body!["numberExists"]!);
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

        using var response = await called.Http.PostAsync("/message/sendMedia/loja%20+1", form, Ct);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var sent = Assert.Single(called.Fake.Sent.All);
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

        var (status, _) = await called.PostAsync("webhook/set", new() { ["webhook"] = webhook });

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Null(called.Instance.Webhook);
    }
}
