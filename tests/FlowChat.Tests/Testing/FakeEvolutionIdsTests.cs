using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Testing;

public sealed class FakeEvolutionIdsTests : IAsyncLifetime
{
    private const string Given = "3EB00123456789ABCDEF01";

    private readonly HttpClient http = new();
    private FakeEvolution fake = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        fake = await FakeEvolution.StartAsync();
        fake.AddInstance("loja");
        http.BaseAddress = fake.BaseUrl;
        http.DefaultRequestHeaders.Add("apikey", fake.ApiKey);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await fake.DisposeAsync();
    }

    [Theory]
    [InlineData("2.3.7", "sendText", 2)]
    [InlineData("2.4.0", "sendText", 1)]
    [InlineData("2.4.0-rc2", "sendPoll", 1)]
    [InlineData("2.4.0", "sendLocation", 2)]
    public async Task From_two_four_on_a_repeat_of_an_id_is_the_same_message(
        string version,
        string operation,
        int delivered
    )
    {
        fake.Version = version;

        var ids = new[] { await SendAsync(operation), await SendAsync(operation) };

        Assert.Equal(2, fake.Requests.All.Count(request => request.IsSend));
        Assert.Equal(delivered, fake.Sent.All.Count);
        Assert.Equal(delivered == 1, ids.All(id => id == Given));
        Assert.Equal(
            version,
            (string?)(await http.GetFromJsonAsync<JsonNode>("/", Ct))!["version"]
        );
    }

    private async Task<string> SendAsync(string operation)
    {
        var body = new JsonObject
        {
            ["number"] = Person.Ana.Phone,
            ["messageId"] = Given,
            ["text"] = "Olá",
            ["name"] = "Quando?",
            ["selectableCount"] = 1,
            ["values"] = new JsonArray("hoje", "amanhã"),
            ["latitude"] = 1,
            ["longitude"] = 1,
            ["address"] = "",
        };
        using var response = await http.PostAsJsonAsync($"/message/{operation}/loja", body, Ct);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonNode>(Ct);
        return (string)answer!["key"]!["id"]!;
    }
}
