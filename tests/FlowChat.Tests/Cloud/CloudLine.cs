using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Cloud;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Cloud;

/// <summary>A number of the Cloud API with a Meta of its own, and what went through them.</summary>
public sealed class CloudLine : ConnectedNumber, IAsyncDisposable
{
    private readonly FlowChatServer _server;

    private CloudLine(FlowChatServer server, FakeCloud meta, CloudNumber number, Instance instance)
        : base(server, instance) => (_server, Meta, Number) = (server, meta, number);

    public FakeCloud Meta { get; }
    public CloudNumber Number { get; }

    /// <summary>What Meta was asked to send, whatever became of it.</summary>
    public IReadOnlyList<RecordedRequest> Sends =>
        [.. Meta.Requests.All.Where(request => request.IsSend)];

    public static async Task<CloudLine> ConnectAsync(
        FlowChatServer server,
        CancellationToken ct,
        FakeCloud? meta = null,
        string phoneNumberId = "106540352242922"
    )
    {
        meta ??= await FakeCloud.StartAsync();
        var number = meta.AddNumber(phoneNumberId);
        var instance = await server.Client.PostAsync<Instance>(
            "/api/instances",
            Form(meta, number),
            ct
        );
        meta.Webhooks.Url ??= instance.WebhookUrl;
        return new(server, meta, number, instance);
    }

    public static object Form(FakeCloud meta, CloudNumber number) =>
        new
        {
            Name = "Loja Cloud",
            Gateway = "cloud",
            meta.BaseUrl,
            ApiKey = meta.Token,
            number.PhoneNumberId,
            BusinessAccountId = meta.AccountId,
            meta.AppSecret,
        };

    /// <summary>A message of a person that is in the inbox: their window is open.</summary>
    public async Task<Message> HearAsync(
        Person person,
        JsonObject message,
        CancellationToken ct,
        PersonForm form = PersonForm.Phone
    )
    {
        var id = FakeCloud.NewId();
        await PostAsync(
            Number.Message(person, message.DeepClone().AsObject().At(id, Now), form),
            ct
        );
        return (await WaitAsync(live => live.Message?.WaId == id, ct)).Message!;
    }

    public async Task<Conversation> OpenAsync(CancellationToken ct, int person = 1)
    {
        var heard = await HearAsync(Person.Number(person), CloudMessages.Text("Oi"), ct);
        return await ConversationAsync(heard.ConversationId, ct);
    }

    public Task<Conversation> ConversationAsync(Guid id, CancellationToken ct) =>
        _server.Client.GetAsync<Conversation>($"/api/conversations/{id}", ct);

    /// <summary>Fails unless the answer is 200.</summary>
    public async Task<WebhookAnswer> PostAsync(JsonObject body, CancellationToken ct)
    {
        using var response = await TryPostAsync(CloudJson.Bytes(body), ct);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<WebhookAnswer>(FlowChatClient.Json, ct))!;
    }

    /// <param name="body">As it is sent.</param>
    /// <param name="ct">The test's.</param>
    /// <param name="signature">The whole header; null = the right one, empty = none.</param>
    /// <param name="coding">Content-Encoding.</param>
    public async Task<HttpResponseMessage> TryPostAsync(
        byte[] body,
        CancellationToken ct,
        string? signature = null,
        string? coding = null
    )
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"/webhooks/cloud/{Instance.Id}"
        )
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new("application/json");
        if (coding is not null)
            request.Content.Headers.Add("Content-Encoding", coding);
        if (signature is not "")
            request.Headers.TryAddWithoutValidation(
                "X-Hub-Signature-256",
                signature ?? CloudWebhooks.Sign(body, Meta.AppSecret)
            );
        return await _server.Client.Http.SendAsync(request, ct);
    }

    /// <summary>The body of POST /api/conversations/{id}/messages.</summary>
    public Task<HttpResponseMessage> TrySendAsync(
        Guid conversationId,
        object body,
        CancellationToken ct
    )
    {
        var json = System.Text.Json.JsonSerializer.SerializeToNode(body, FlowChatClient.Json)!;
        json["client_message_id"] ??= Guid.CreateVersion7().ToString();
        return _server.Client.Http.PostAsJsonAsync(
            $"/api/conversations/{conversationId}/messages",
            json,
            ct
        );
    }

    public async Task<Message> SendAsync(
        Conversation conversation,
        object body,
        CancellationToken ct
    )
    {
        using var response = await TrySendAsync(conversation.Id, body, ct);
        Assert.True(
            response.StatusCode == HttpStatusCode.Created,
            await response.Content.ReadAsStringAsync(ct)
        );
        return (await response.Content.ReadFromJsonAsync<Message>(FlowChatClient.Json, ct))!;
    }

    /// <summary>The message's job, once it waits for a reason that begins so.</summary>
    internal async Task<JobRow> WaitForJobAsync(
        Message message,
        string reason,
        CancellationToken ct
    ) =>
        (
            await this.WaitForJobAsync(
                message,
                job =>
                    job is { State: "available", Reason: { } said }
                    && said.StartsWith(reason, StringComparison.Ordinal),
                ct
            )
        )!;

    public ValueTask DisposeAsync() => Meta.DisposeAsync();
}
