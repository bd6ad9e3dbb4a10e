using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Evolution;

/// <summary>How a webhook ended: the last status, or null when no attempt was answered.</summary>
public sealed record WebhookDelivery(string Event, int Attempts, HttpStatusCode? Status)
{
    public bool Accepted => Status is { } status && (int)status is >= 200 and < 300;
}

/// <summary>One attempt: no status when there was no answer.</summary>
public sealed record WebhookTry(byte[] Body, HttpStatusCode? Status, string Answer);

/// <summary>Posts webhooks as Evolution does: up to ten attempts from memory, given up at once on some statuses.</summary>
public sealed class WebhookSender(TimeProvider time, CancellationToken stopping) : IAsyncDisposable
{
    private readonly HttpClient http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
    private readonly Lock gate = new();
    private readonly List<Task> running = [];

    public SignalledLog<WebhookDelivery> Deliveries { get; } = new();

    /// <summary>Told of every attempt.</summary>
    public Action<WebhookTry> Tried { get; set; } = _ => { };

    /// <summary>For one attempt; Evolution gives up on it then, and tries again.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The pauses between attempts: Evolution's own run from 5 s to 300 s, a fiftieth of that is enough here.</summary>
    public IReadOnlyList<TimeSpan> Pauses { get; init; } =
    [
        .. new[] { 5, 10, 20, 40, 80, 160, 300, 300, 300 }.Select(seconds =>
            TimeSpan.FromSeconds(seconds / 50.0)
        ),
    ];

    public async Task<WebhookDelivery> SendAsync(WebhookTarget target, JsonObject envelope)
    {
        var name = envelope["event"]!.GetValue<string>();
        var delivery = target.Wants(name)
            ? await DeliverAsync(target, target.UrlOf(name), EvolutionJson.Bytes(envelope), name)
            : new WebhookDelivery(name, 0, Status: null);
        Deliveries.Add(delivery);
        return delivery;
    }

    public async ValueTask DisposeAsync()
    {
        Task[] begun;
        lock (gate)
            begun = [.. running];
        await Task.WhenAll(begun).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Dispose();
    }

    /// <summary>Work that nobody awaits but the end of the fake.</summary>
    internal void Run(Task work)
    {
        lock (gate)
            running.Add(work);
    }

    private async Task<WebhookDelivery> DeliverAsync(
        WebhookTarget target,
        Uri url,
        byte[] body,
        string name
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var status = await PostAsync(target, url, body);
            var delivery = new WebhookDelivery(name, attempt, status);
            if (delivery.Accepted || EndsRetries(status) || attempt > Pauses.Count)
                return delivery;
            await Task.Delay(Pauses[attempt - 1], time, stopping);
        }
    }

    private static bool EndsRetries(HttpStatusCode? status) =>
        (int?)status is 400 or 401 or 403 or 404 or 422;

    private async Task<HttpStatusCode?> PostAsync(WebhookTarget target, Uri url, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new("application/json");
        foreach (var (name, value) in target.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var (answered, answer) = await AnswerAsync(request);
        Tried(new WebhookTry(body, answered, answer));
        return answered;
    }

    private async Task<(HttpStatusCode? Status, string Answer)> AnswerAsync(
        HttpRequestMessage request
    )
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        try
        {
            using var response = await http.SendAsync(request, ends.Token);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(ends.Token));
        }
        catch (Exception error) when (error is HttpRequestException or SocketException)
        {
            return (null, error.Message);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return (null, "No answer in time.");
        }
    }
}
