using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FlowChat.Testing.Api;
using FlowChat.Tests.Media;

namespace FlowChat.Tests.Gateways;

public sealed class SandboxTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FlowChatClient Client => flowChat.Server.Client;

    [Fact]
    public async Task A_message_from_the_phone_and_its_answer_with_ticks()
    {
        var sandbox = await CreateAsync();
        Assert.Equal("open", sandbox.State);

        await PostAsync(
            sandbox,
            "messages",
            new
            {
                phone = "+55 11 98765-4321",
                name = "Ana",
                text = "Oi",
            }
        );
        var conversation = await ConversationAsync(sandbox);
        Assert.Equal(
            ("Ana", "+5511987654321"),
            (conversation.Contact!.Name, conversation.Contact.Phone)
        );
        Assert.Equal((1, "Oi"), (conversation.UnreadCount, conversation.LastMessage!.Text));

        var answer = await Client.SendAsync(conversation.Id, "sandbox-1", "Olá, Ana", Ct);
        await WaitAsync(answer, "sent");
        using var preview = await Client.Http.PostAsJsonAsync(
            $"/api/conversations/{conversation.Id}/messages",
            new
            {
                client_message_id = "sandbox-preview",
                text = "https://loja.example",
                link_preview = true,
            },
            Ct
        );
        Assert.Equal(HttpStatusCode.Conflict, preview.StatusCode);
        await PostAsync(sandbox, "receipts", new { phone = "5511987654321", status = "delivered" });
        await PostAsync(sandbox, "receipts", new { phone = "5511987654321", status = "read" });
        await PostAsync(sandbox, "receipts", new { phone = "5511987654321", status = "delivered" });

        await WaitAsync(answer, "read");
        var phone = await Client.GetAsync<JsonElement>(
            $"/api/sandbox/{sandbox.Id}/messages?phone=5511987654321",
            Ct
        );
        Assert.Equal(
            [("Oi", "received"), ("Olá, Ana", "read")],
            phone
                .GetProperty("items")
                .EnumerateArray()
                .Select(item =>
                    (item.GetProperty("text").GetString(), item.GetProperty("status").GetString())
                )
        );
    }

    [Fact]
    public async Task A_picture_from_the_phone_is_a_message_like_any_other()
    {
        var sandbox = await CreateAsync();
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(TestFile.Jpeg()), "file", "vitrine.jpg" },
        };
        using var uploaded = await Client.Http.PostAsync("/api/attachments", form, Ct);
        var file = await uploaded.Content.ReadFromJsonAsync<Attachment>(FlowChatClient.Json, Ct);
        var seq = (await Client.ConversationsAsync(Ct)).Seq;

        await PostAsync(
            sandbox,
            "messages",
            new { phone = "+55 11 98765-4322", attachment_id = file!.Id }
        );

        await foreach (var live in Client.LiveAsync(seq, Ct))
        {
            if (live.Message is { Attachments: [{ State: "ready" } picture] } message)
            {
                Assert.Equal(("in", "image"), (message.Direction, message.Type));
                Assert.Equal(("vitrine.jpg", 640), (picture.FileName, picture.Width));
                break;
            }
        }
    }

    [Fact]
    public async Task A_phone_that_never_wrote_shows_an_empty_thread()
    {
        var sandbox = await CreateAsync();

        var phone = await Client.GetAsync<JsonElement>(
            $"/api/sandbox/{sandbox.Id}/messages?phone=5511900000000",
            Ct
        );

        Assert.Equal(JsonValueKind.Null, phone.GetProperty("conversation_id").ValueKind);
        Assert.Empty(phone.GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("messages", """{"phone":"12","text":"Oi"}""", "phone")]
    [InlineData("messages", """{"phone":"5511987654321","text":" "}""", "text")]
    [InlineData("receipts", """{"phone":"5511987654321","status":"sent"}""", "status")]
    [InlineData("receipts", """{"status":"read"}""", "phone")]
    public async Task A_bad_body_is_refused_and_its_field_named(
        string path,
        string body,
        string field
    )
    {
        var sandbox = await CreateAsync();
        using var content = new StringContent(body, null, "application/json");

        using var answer = await Client.Http.PostAsync(
            $"/api/sandbox/{sandbox.Id}/{path}",
            content,
            Ct
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task A_number_of_a_real_gateway_is_no_sandbox()
    {
        await using var number = await flowChat.ConnectAsync(Ct);

        using var answer = await Client.Http.PostAsJsonAsync(
            $"/api/sandbox/{number.Instance.Id}/messages",
            new { phone = "5511987654321", text = "Oi" },
            Ct
        );

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private Task<Instance> CreateAsync() =>
        Client.PostAsync<Instance>(
            "/api/instances",
            new { Name = "Sandbox", Gateway = "sandbox" },
            Ct
        );

    private async Task PostAsync(Instance sandbox, string path, object body)
    {
        using var answer = await Client.Http.PostAsJsonAsync(
            $"/api/sandbox/{sandbox.Id}/{path}",
            body,
            Ct
        );
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    private async Task WaitAsync(Message message, string status)
    {
        await foreach (var live in Client.LiveAsync(0, Ct))
        {
            if (live.Message is { } now && now.Id == message.Id && now.Status == status)
            {
                return;
            }
        }
    }

    private async Task<Conversation> ConversationAsync(Instance sandbox) =>
        (await Client.ConversationsAsync(Ct, $"?instance_id={sandbox.Id}")).Items.Single();
}
