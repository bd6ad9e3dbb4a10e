using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace FlowChat.Tests.Accounts;

/// <summary>Keeps cookies like a browser and sends the headers it is given with every request.</summary>
internal sealed class TestBrowser(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        BaseAddress = address,
    };

    public Dictionary<string, string> Headers { get; } = [];

    public async Task<Answer> SendAsync(string method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = body as HttpContent ?? JsonContent.Create(body);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer(
            response.StatusCode,
            text.StartsWith('{') ? JsonNode.Parse(text) : null,
            response.Headers.ToDictionary(
                header => header.Key,
                header => string.Join("; ", header.Value)
            )
        );
    }

    /// <summary>Signs in and goes on as the page does: cookie, CSRF token and own origin.</summary>
    public async Task<Answer> SignInAsync(string email, string password = TestTenant.Password)
    {
        var answer = await SendAsync("POST", "/api/auth/sign-in", new { email, password });
        if (answer.Status == HttpStatusCode.OK)
        {
            Headers["Cookie"] = answer.Headers["Set-Cookie"].Split(';')[0];
            Headers["Origin"] = address.GetLeftPart(UriPartial.Authority);
            Headers["X-CSRF-Token"] = answer.Json!["csrf_token"]!.GetValue<string>();
        }

        return answer;
    }

    public void Dispose() => _http.Dispose();
}

internal sealed record Answer(
    HttpStatusCode Status,
    JsonNode? Json,
    Dictionary<string, string> Headers
)
{
    public string? this[string property] => Json?[property]?.ToString();
}
