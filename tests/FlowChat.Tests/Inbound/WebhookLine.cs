using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Storage;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Inbound;

/// <summary>A connected number: the webhooks that its gateway posts, and what an agent then sees.</summary>
internal sealed class WebhookLine(FlowChatServer server, Instance instance, string name)
{
    public Instance Instance { get; } = instance;

    public EvolutionNumber Number { get; } = new(name);

    private FlowChatClient Client => server.Client;

    public Task<WebhookAnswer> PostAsync(TextMessage message, CancellationToken ct) =>
        PostAsync(message.ToBytes(), ct);

    public Task<WebhookAnswer> PostAsync(StatusUpdate update, CancellationToken ct) =>
        PostAsync(update.ToBytes(), ct);

    public Task<WebhookAnswer> PostAsync(JsonObject envelope, CancellationToken ct) =>
        PostAsync(EvolutionJson.Bytes(envelope), ct);

    /// <summary>Fails unless the answer is 200.</summary>
    public async Task<WebhookAnswer> PostAsync(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        using var response = await Client.TryPostWebhookAsync(Instance, body, ct);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<WebhookAnswer>(ct))!;
    }

    public TextMessage From(Person person, string text, MessageForm? form = null) =>
        new(Number, person, text) { Form = form ?? new() };

    public TextMessage TypedTo(Person person, string text, MessageForm? form = null) =>
        From(person, text, form) with
        {
            FromMe = true,
        };

    public async Task<IReadOnlyList<Conversation>> ConversationsAsync(CancellationToken ct) =>
        (await Client.ConversationsAsync(ct, $"?instance_id={Instance.Id}&limit=200")).Items;

    /// <summary>Once all in a queue are settled.</summary>
    public Task WaitForNoJobsAsync(string queue, CancellationToken ct) =>
        NumberJobs.WaitForNoJobsAsync(server, Instance, queue, ct);

    /// <summary>Why the line's only quarantined body is there.</summary>
    public async Task<string> QuarantinedForAsync(CancellationToken ct)
    {
        await using var command = server
            .Get<Database>()
            .Migrator.CreateCommand("select reason from quarantine where instance_id = $1");
        command.Parameters.Add(new() { Value = Instance.Id });
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task<Conversation> ConversationAsync(CancellationToken ct) =>
        Assert.Single(await ConversationsAsync(ct));

    /// <summary>The whole thread of the line's only conversation.</summary>
    public async Task<IReadOnlyList<Message>> ThreadAsync(CancellationToken ct) =>
        await ThreadAsync(await ConversationAsync(ct), ct);

    public async Task<IReadOnlyList<Message>> ThreadAsync(
        Conversation conversation,
        CancellationToken ct
    )
    {
        var thread = new List<Message>();
        for (string? before = null; ; )
        {
            var query = "?limit=200" + (before is null ? "" : $"&before={before}");
            var page = await Client.MessagesAsync(conversation.Id, ct, query);
            thread.InsertRange(0, page.Items);
            if ((before = page.NextCursor) is null)
            {
                return thread;
            }
        }
    }
}
