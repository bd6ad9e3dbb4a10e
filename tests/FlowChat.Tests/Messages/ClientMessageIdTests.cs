using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FlowChat.Testing.Api;

namespace FlowChat.Tests.Messages;

public sealed class ClientMessageIdTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Http => flowChat.Server.Client.Http;

    [Fact]
    public async Task A_repeated_request_answers_the_message_as_it_is_now_and_sends_nothing()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var body = Body("repeat-1", "Olá");

        using var first = await PostAsync(conversation.Id, body);
        var message = await ReadAsync(first);
        await number.WaitAsync(message, "sent", Ct);
        using var second = await PostAsync(conversation.Id, body);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        var repeated = await ReadAsync(second);
        Assert.Equal((message.Id, "sent"), (repeated.Id, repeated.Status));
        Assert.Single(number.Sends);
        Assert.Single(await number.ThreadAsync(conversation.Id, Ct));
    }

    [Fact]
    public async Task Parallel_repeats_make_one_message_and_one_send()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var body = Body("parallel-1", "Olá");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => PostAsync(conversation.Id, body))
        );

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        var message = Assert.Single(await number.ThreadAsync(conversation.Id, Ct));
        // The lane runs in order: what follows is sent after every send that the twenty could have made.
        await number.WaitAsync(await number.SendAsync(conversation, "Depois", Ct), "sent", Ct);
        Assert.Equal(["Olá", "Depois"], number.Sends.Select(send => send.Text));
        Assert.Equal("sent", (await number.ReadAsync(message, Ct)).Status);
    }

    [Fact]
    public async Task The_same_id_for_another_text_or_conversation_is_a_conflict()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var other = await number.StartAsync(Ct, person: 2);
        using var first = await PostAsync(conversation.Id, Body("conflict-1", "Olá"));

        using var otherText = await PostAsync(conversation.Id, Body("conflict-1", "Oi"));
        using var elsewhere = await PostAsync(other.Id, Body("conflict-1", "Olá"));

        Assert.Equal(HttpStatusCode.Conflict, otherText.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, elsewhere.StatusCode);
        Assert.Single(await number.ThreadAsync(conversation.Id, Ct));
        Assert.Empty(await number.ThreadAsync(other.Id, Ct));
    }

    [Fact]
    public async Task A_conversation_that_does_not_exist_is_not_found()
    {
        using var answer = await PostAsync(Guid.CreateVersion7(), Body("nowhere-1", "Olá"));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    public static TheoryData<string, string> BadBodies =>
        new()
        {
            { """{"text":"Olá"}""", "client_message_id" },
            { """{"client_message_id":"  ","text":"Olá"}""", "client_message_id" },
            {
                $$"""{"client_message_id":"{{new string('a', 129)}}","text":"Olá"}""",
                "client_message_id"
            },
            { """{"client_message_id":"bad-1"}""", "text" },
            { """{"client_message_id":"bad-2","text":" \n "}""", "text" },
            { $$"""{"client_message_id":"bad-3","text":"{{new string('a', 65_537)}}"}""", "text" },
            { """{"client_message_id":"bad-4","type":"image","text":"Olá"}""", "type" },
        };

    [Theory]
    [MemberData(nameof(BadBodies), DisableDiscoveryEnumeration = true)]
    public async Task A_bad_body_is_refused_and_its_field_named(string body, string field)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);

        using var answer = await PostAsync(conversation.Id, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal(
            [field],
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name)
        );
        Assert.Empty(await number.ThreadAsync(conversation.Id, Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"client_message_id":1,"text":"Olá"}""")]
    public async Task What_is_no_request_is_a_problem_too(string body)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);

        using var answer = await PostAsync(conversation.Id, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    private static string Body(string clientMessageId, string text) =>
        $$"""{"client_message_id":"{{clientMessageId}}","text":"{{text}}"}""";

    private async Task<HttpResponseMessage> PostAsync(Guid conversationId, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Http.PostAsync($"/api/conversations/{conversationId}/messages", content, Ct);
    }

    private static async Task<Message> ReadAsync(HttpResponseMessage answer) =>
        (
            await answer.Content.ReadFromJsonAsync<Message>(
                new JsonSerializerOptions(JsonSerializerDefaults.Web)
                {
                    PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                },
                Ct
            )
        )!;
}
