using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Testing;

/// <summary>A fake with one connected number, and a caller who has its key.</summary>
internal sealed class CalledFake(FakeEvolution fake) : IAsyncDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public FakeEvolution Fake => fake;

    public FakeInstance Instance { get; } = fake.AddInstance("loja +1");

    public HttpClient Http { get; } =
        new() { BaseAddress = fake.BaseUrl, DefaultRequestHeaders = { { "apikey", fake.ApiKey } } };

    public static async Task<CalledFake> StartAsync() => new(await FakeEvolution.StartAsync());

    public Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync() =>
        PostAsync("message/sendText", new() { ["number"] = Person.Ana.Phone, ["text"] = "Olá" });

    public Task<(HttpStatusCode Status, JsonNode? Body)> PostAsync(string route, JsonObject body) =>
        RequestAsync(HttpMethod.Post, route, body);

    public async Task<(HttpStatusCode Status, JsonNode? Body)> RequestAsync(
        HttpMethod method,
        string route,
        JsonObject body
    )
    {
        using var request = new HttpRequestMessage(method, $"/{route}/loja%20+1")
        {
            Content = JsonContent.Create(body),
        };
        using var response = await Http.SendAsync(request, Ct);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonNode>(Ct));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await fake.DisposeAsync();
    }
}
