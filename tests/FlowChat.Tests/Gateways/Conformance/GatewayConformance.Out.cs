using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Tests.Media;

namespace FlowChat.Tests.Gateways.Conformance;

public abstract partial class GatewayConformance
{
    [Theory]
    [InlineData("""{"text":"Olá 👋"}""", "text")]
    [InlineData(
        """{"location":{"latitude":-23.5613,"longitude":-46.6565,"name":"MASP"}}""",
        "location"
    )]
    [InlineData("""{"contacts":[{"name":"Bruno","phones":["+55 21 99876-5432"]}]}""", "contacts")]
    public async Task What_is_sent_arrives_once_under_the_id_that_the_inbox_shows(
        string json,
        string type
    )
    {
        await using var line = await ConnectAsync();
        var conversation = await OpenAsync(line);
        var body = JsonNode.Parse(json)!;

        var message = await SendAsync(conversation, body);
        var sent = await line.Number.WaitAsync(message, "sent", Ct);
        body["client_message_id"] = message.ClientMessageId;
        await SendAsync(conversation, body, HttpStatusCode.OK);

        var arrived = Assert.Single(line.Arrived);
        Assert.Equal((type, sent.WaId), (arrived.Type, arrived.WaId));
        Assert.Equal(message.Text, arrived.Text);
        Assert.Equal(["queued", "sending", "sent"], await line.Number.StatesAsync(message, Ct));
        Assert.Null(await line.Number.JobAsync(message));
    }

    [Theory]
    [InlineData("image", "image/png", "Veja")]
    [InlineData("document", "application/pdf", "Veja")]
    [InlineData("voice", "audio/ogg; codecs=opus", null)]
    public async Task A_file_arrives_as_it_was_uploaded(
        string kind,
        string mimeType,
        string? caption
    )
    {
        await using var line = await ConnectAsync();
        var conversation = await OpenAsync(line);
        var bytes = FileOf(kind);
        var attachment = await line.Number.UploadAsync(bytes, mimeType, kind, Ct);

        var message = await SendAsync(
            conversation,
            new { AttachmentIds = new[] { attachment }, Text = caption }
        );
        await line.Number.WaitAsync(message, "sent", Ct);

        var arrived = Assert.Single(line.Arrived);
        Assert.Equal(
            (kind, caption, Convert.ToHexStringLower(SHA256.HashData(bytes))),
            (arrived.Type, arrived.Text, arrived.Sha256)
        );
    }

    [Fact]
    public async Task An_answer_names_what_it_answers()
    {
        await using var line = await ConnectAsync();
        var asked = await line.HearAsync(Ana, "Aberto?", Ct);
        var conversation = await ConversationAsync(asked.ConversationId);

        var answer = await SendAsync(conversation, new { Text = "Sim", ReplyTo = asked.Id });
        await line.Number.WaitAsync(answer, "sent", Ct);

        Assert.Equal((asked.Id, "Aberto?"), (answer.ReplyTo!.MessageId, answer.ReplyTo.Text));
        Assert.Equal(asked.WaId, line.QuoteOf(Assert.Single(line.Calls)));
    }

    [Fact]
    public async Task A_conversation_keeps_its_order_though_its_first_call_is_slow()
    {
        await using var line = await ConnectAsync();
        var conversation = await OpenAsync(line);
        var held = new TaskCompletionSource();
        line.Next(Reply.Normal.After(held.Task));

        var messages = new List<Message>();
        foreach (var text in new[] { "1", "2", "3" })
            messages.Add(await SendAsync(conversation, new { Text = text }));
        held.SetResult();
        await line.Number.WaitAsync(messages[2], "sent", Ct);

        Assert.Equal(["1", "2", "3"], line.Arrived.Select(arrived => arrived.Text));
    }

    [Fact]
    public async Task A_reaction_its_change_and_its_end_reach_the_writer()
    {
        await using var line = await ConnectAsync();
        var heard = await line.HearAsync(Ana, "Oi", Ct);

        foreach (var emoji in new[] { "👍", "❤️" })
        {
            using var put = await Http.PutAsJsonAsync(
                $"/api/messages/{heard.Id}/reaction",
                new { emoji },
                Ct
            );
            Assert.Equal(HttpStatusCode.Accepted, put.StatusCode);
            var shown = await WaitAsync(
                line,
                heard,
                now => now.Reactions.Any(reaction => reaction.Emoji == emoji)
            );
            Assert.Equal("user", Assert.Single(shown.Reactions).By.Kind);
        }
        using var delete = await Http.DeleteAsync($"/api/messages/{heard.Id}/reaction", Ct);

        Assert.Equal(["👍", "❤️", ""], await line.WaitForReactionsAsync(3, Ct));
    }

    [Fact]
    public async Task What_an_agent_opens_its_writer_sees_as_read()
    {
        await using var line = await ConnectAsync();
        await line.HearAsync(Ana, "Oi", Ct);
        var newest = await line.HearAsync(Ana, "Alô", Ct);
        var url = $"/api/conversations/{newest.ConversationId}/read";
        Assert.Equal(2, (await ConversationAsync(newest.ConversationId)).UnreadCount);

        using var read = await Http.PostAsync(url, null, Ct);

        await line.WaitUntilReadAsync(newest.WaId!, Ct);
        Assert.Equal(0, (await ConversationAsync(newest.ConversationId)).UnreadCount);
    }

    [Fact]
    public async Task The_other_side_sees_that_somebody_types()
    {
        await using var line = await ConnectAsync();
        var conversation = await OpenAsync(line);

        using var typing = await Http.PostAsync(
            $"/api/conversations/{conversation.Id}/typing",
            null,
            Ct
        );

        Assert.Equal(HttpStatusCode.NoContent, typing.StatusCode);
        await line.WaitUntilTypingAsync(Ct);
    }

    [Theory]
    [InlineData("poll", """{"poll":{"question":"Chá?","options":["Sim","Não"]}}""")]
    [InlineData("mention", """{"text":"@5511910000001","mentions":["5511910000001"]}""")]
    [InlineData("template", """{"template":{"name":"oi","language":"pt_BR"}}""")]
    public async Task What_the_gateway_can_not_send_is_refused_by_that_name_before_it_is_tried(
        string ability,
        string body
    )
    {
        await using var line = await ConnectAsync();
        var conversation = await OpenAsync(line);

        using var response = await TrySendAsync(conversation, JsonNode.Parse(body)!);

        if (await IsAbleAsync(line, ability))
        {
            Assert.NotEqual(HttpStatusCode.Conflict, response.StatusCode);
            return;
        }
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains(
            "\"code\":\"unable\"",
            await response.Content.ReadAsStringAsync(Ct),
            StringComparison.Ordinal
        );
        Assert.Empty(line.Calls);
    }

    [Theory]
    [InlineData("edit")]
    [InlineData("delete")]
    public async Task What_the_gateway_can_not_do_to_a_message_is_refused_before_it_is_tried(
        string ability
    )
    {
        await using var line = await ConnectAsync();
        var sent = await SentAsync(line, await OpenAsync(line), "Chego as 10");

        using var request = new HttpRequestMessage(
            ability == "edit" ? HttpMethod.Patch : HttpMethod.Delete,
            $"/api/messages/{sent.Id}"
        )
        {
            Content = JsonContent.Create(new { text = "Chego às 10" }),
        };
        using var response = await Http.SendAsync(request, Ct);

        Assert.Equal(
            await IsAbleAsync(line, ability) ? HttpStatusCode.Accepted : HttpStatusCode.Conflict,
            response.StatusCode
        );
    }

    private async Task<bool> IsAbleAsync(GatewayLine line, string ability)
    {
        var instance = await FlowChat.Server.Client.GetAsync<JsonObject>(
            $"/api/instances/{line.Number.Instance.Id}",
            Ct
        );
        return instance["abilities"]!.AsArray().Any(one => one!.GetValue<string>() == ability);
    }

    private static byte[] FileOf(string kind) =>
        kind switch
        {
            "image" => TestFile.Png(),
            "voice" => TestFile.Ogg(),
            _ => TestFile.Pdf(),
        };
}
