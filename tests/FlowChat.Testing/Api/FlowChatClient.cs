using System.Net.Http.Headers;
using System.Text.Json;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Api;

/// <summary>FlowChat's HTTP contract with an API key. Whatever is no 2xx throws, with the answer's body.</summary>
public sealed class FlowChatClient : IDisposable
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly Uri server;
    private readonly string apiKey;

    public FlowChatClient(Uri server, string apiKey)
    {
        this.server = server;
        this.apiKey = apiKey;
        Http = new HttpClient(
            new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }
        )
        {
            BaseAddress = server,
        };
        Http.DefaultRequestHeaders.Authorization = new("Bearer", apiKey);
    }

    /// <summary>For everything that has no method here.</summary>
    public HttpClient Http { get; }

    public Task<Instance> CreateEvolutionInstanceAsync(
        string name,
        Uri baseUrl,
        string gatewayKey,
        string instanceName,
        CancellationToken ct
    ) =>
        PostAsync<Instance>(
            "/api/instances",
            new
            {
                Name = name,
                Gateway = "evolution",
                BaseUrl = baseUrl,
                ApiKey = gatewayKey,
                InstanceName = instanceName,
            },
            ct
        );

    public Task<Page<Conversation>> ConversationsAsync(CancellationToken ct, string query = "") =>
        GetAsync<Page<Conversation>>($"/api/conversations{query}", ct);

    public Task<Page<Message>> MessagesAsync(
        Guid conversationId,
        CancellationToken ct,
        string query = ""
    ) => GetAsync<Page<Message>>($"/api/conversations/{conversationId}/messages{query}", ct);

    public Task<User> CreateUserAsync(
        string email,
        string name,
        string role,
        string password,
        CancellationToken ct
    ) =>
        PostAsync<User>(
            "/api/users",
            new
            {
                Email = email,
                Name = name,
                Role = role,
                Password = password,
            },
            ct
        );

    public Task<Message> SendAsync(
        Guid conversationId,
        string clientMessageId,
        string text,
        CancellationToken ct
    ) =>
        PostAsync<Message>(
            $"/api/conversations/{conversationId}/messages",
            new { ClientMessageId = clientMessageId, Text = text },
            ct
        );

    public Task<EventPage> EventsAsync(long after, CancellationToken ct, int limit = 500) =>
        GetAsync<EventPage>($"/api/events?after={after}&limit={limit}", ct);

    /// <summary>The live stream from a seq on; it ends when the server ends it and throws when it breaks.</summary>
    public IAsyncEnumerable<LiveEvent> LiveAsync(long afterSeq, CancellationToken ct) =>
        LiveStream.ReadAsync(server, apiKey, afterSeq, ct);

    /// <summary>A webhook with the instance's secret, once, whatever the answer is.</summary>
    public async Task<HttpResponseMessage> TryPostWebhookAsync(
        Instance instance,
        ReadOnlyMemory<byte> body,
        CancellationToken ct
    )
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"/webhooks/evolution/{instance.Id}"
        )
        {
            Content = new ReadOnlyMemoryContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new("Bearer", instance.WebhookSecret);
        return await Http.SendAsync(request, ct);
    }

    public async Task<WebhookAnswer> PostWebhookAsync(
        Instance instance,
        TextMessage message,
        CancellationToken ct
    )
    {
        using var response = await TryPostWebhookAsync(instance, message.ToBytes(), ct);
        return await ReadAsync<WebhookAnswer>(response, ct);
    }

    public async Task<T> GetAsync<T>(string path, CancellationToken ct)
    {
        using var response = await Http.GetAsync(path, ct);
        return await ReadAsync<T>(response, ct);
    }

    public async Task<T> PostAsync<T>(string path, object body, CancellationToken ct)
    {
        using var response = await Http.PostAsJsonAsync(path, body, Json, ct);
        return await ReadAsync<T>(response, ct);
    }

    public void Dispose() => Http.Dispose();

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken ct)
    {
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException(
                $"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode}: "
                    + await response.Content.ReadAsStringAsync(ct),
                inner: null,
                response.StatusCode
            );
        return await response.Content.ReadFromJsonAsync<T>(Json, ct)
            ?? throw new JsonException($"{response.RequestMessage?.RequestUri} answered null.");
    }
}
