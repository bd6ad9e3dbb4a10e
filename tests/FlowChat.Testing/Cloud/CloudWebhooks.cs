using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FlowChat.Testing.Cloud.Payloads;

namespace FlowChat.Testing.Cloud;

/// <summary>Posts webhooks as Meta does: signed, and again until they are taken.</summary>
public sealed class CloudWebhooks(TimeProvider time, CancellationToken stopping) : IAsyncDisposable
{
    private const int MostAttempts = 20;

    // Meta's own grow to hours.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }
    );

    /// <summary>The app's callback URL; null = none was set.</summary>
    public Uri? Url { get; set; }

    public string AppSecret { get; set; } = "0123456789abcdef0123456789abcdef";

    public SignalledLog<HttpStatusCode?> Deliveries { get; } = new();

    public static string Sign(ReadOnlySpan<byte> body, string secret) =>
        "sha256="
        + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    public async Task PostAsync(JsonObject body)
    {
        if (Url is not { } url)
            return;
        var bytes = CloudJson.Bytes(body);
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            if (await TryPostAsync(url, bytes) is HttpStatusCode.OK)
                return;
            await Task.Delay(Pause, time, stopping);
        }
    }

    /// <summary>GET with hub.mode, hub.verify_token and hub.challenge, before Meta takes an address.</summary>
    public async Task<bool> VerifyAsync(Uri url, string verifyToken, CancellationToken ct)
    {
        var challenge = $"{RandomNumberGenerator.GetInt32(1_000_000_000)}";
        var query =
            $"?hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={Uri.EscapeDataString(verifyToken)}";
        using var response = await http.GetAsync(new Uri(url + query), ct);
        var isOurs =
            response.IsSuccessStatusCode
            && await response.Content.ReadAsStringAsync(ct) == challenge;
        Url = isOurs ? url : Url;
        return isOurs;
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<HttpStatusCode?> TryPostAsync(Uri url, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-Hub-Signature-256", Sign(body, AppSecret));
        HttpStatusCode? status = null;
        try
        {
            using var response = await http.SendAsync(request, stopping);
            status = response.StatusCode;
        }
        catch (HttpRequestException)
        {
            // Away: it comes again.
        }
        Deliveries.Add(status);
        return status;
    }
}
