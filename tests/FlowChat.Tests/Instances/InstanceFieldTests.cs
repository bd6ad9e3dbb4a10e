using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution;

namespace FlowChat.Tests.Instances;

/// <summary>What an admin types of a number is checked the same way when it is made and when it is changed.</summary>
public sealed class InstanceFieldTests(RunningFlowChat flowChat) : IClassFixture<RunningFlowChat>
{
    private const string Address = "Give the gateway's http or https address";
    private const string Alone = "Give the address alone";
    private const string Never = "is never called";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Field, value, what the remedy says.</summary>
    public static TheoryData<string, string, string> Wrong =>
        new()
        {
            { "name", "", "1 to 100 characters" },
            { "name", "   ", "1 to 100 characters" },
            { "name", new string('a', 101), "1 to 100 characters" },
            { "name", "Loja\nCentro", "one line" },
            { "name", "Loja\0", "one line" },
            { "name", "Loja\u2028Centro", "one line" },
            { "api_key", " ", "1 to 500 plain characters" },
            { "api_key", "key\r\nHost: evil", "one line" },
            { "api_key", "chavé", "plain" },
            { "api_key", new string('k', 501), "1 to 500" },
            { "instance_name", "", "1 to 255 characters" },
            { "instance_name", "loja\tcentro", "one line" },
            { "instance_name", "..", "name in the gateway" },
            { "base_url", "", Address },
            { "base_url", "evolution.example.com", Address },
            { "base_url", "file:///etc/passwd", Address },
            { "base_url", "http://exam\nple.com", Address },
            { "base_url", "http://" + new string('a', 2_000) + ".example", Address },
            { "base_url", "https://admin:hunter2@evolution.example.com", Alone },
            { "base_url", "https://evolution.example.com/?apikey=hunter2", Alone },
            { "base_url", "https://evolution.example.com/#hunter2", Alone },
            { "base_url", "http://169.254.169.254/latest", Never },
            { "base_url", "http://0xA9FEA9FE", Never },
            { "base_url", "http://[fe80::1]:8080", Never },
            { "base_url", "http://[::ffff:169.254.169.254]", Never },
            { "base_url", "http://0.0.0.0:8080", Never },
            { "base_url", "http://224.0.0.1", Never },
            // Of an Evolution number it would take the webhook secret's place.
            { "verify_token", "my-token", "only numbers of the Cloud API" },
            { "phone_number_id", "106540352242922", "only numbers of the Cloud API" },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_field_is_refused_at_once_and_named(
        string field,
        string value,
        string remedy
    )
    {
        var existing = await CreateAsync(Fields());
        var fields = Fields();
        fields[field] = value;

        var created = await PostAsync(fields);
        var changed = await PatchAsync(existing, new() { [field] = value });

        foreach (var (status, answer) in new[] { created, changed })
        {
            Assert.Equal(400, status);
            var (name, remedies) = Assert.Single(answer["errors"]!.AsObject());
            Assert.Equal(field, name);
            Assert.Contains(remedy, (string?)remedies![0], StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", answer.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Spaces_around_are_no_part_of_a_field()
    {
        await using var gateway = await FakeEvolution.StartAsync();
        gateway.AddInstance("loja");
        var id = await CreateAsync(Fields());

        var (status, answer) = await PatchAsync(
            id,
            new()
            {
                ["name"] = "  Loja Norte ",
                ["base_url"] = $" {gateway.BaseUrl} ",
                ["api_key"] = $" {gateway.ApiKey}\n",
                ["instance_name"] = " loja ",
            }
        );

        Assert.Equal(200, status);
        Assert.Equal(
            ("Loja Norte", gateway.BaseUrl.ToString(), "loja"),
            ((string?)answer["name"], (string?)answer["base_url"], (string?)answer["instance_name"])
        );
        var asked = await gateway.Requests.WaitAsync(_ => true, Ct);
        Assert.Equal(gateway.ApiKey, asked.Headers["apikey"]);
    }

    [Fact]
    public async Task A_sandbox_has_no_webhook_address()
    {
        var (status, answer) = await PostAsync(
            new() { ["name"] = "Phone", ["gateway"] = "sandbox" }
        );

        Assert.Equal(201, status);
        Assert.Null(answer["webhook_url"]);
        Assert.Contains("webhook_url", answer.AsObject().Select(field => field.Key));
    }

    private static JsonObject Fields() =>
        new()
        {
            ["name"] = "Loja",
            ["gateway"] = "evolution",
            ["base_url"] = "http://127.0.0.1:9",
            ["api_key"] = "key",
            // Of each there is one number.
            ["instance_name"] = $"loja-{Guid.CreateVersion7():n}",
        };

    private async Task<string> CreateAsync(JsonObject fields) =>
        (string)(await PostAsync(fields)).Answer["id"]!;

    private async Task<(int Status, JsonNode Answer)> PostAsync(JsonObject fields)
    {
        using var response = await flowChat.Client.Http.PostAsJsonAsync(
            "/api/instances",
            fields,
            Ct
        );
        return await ReadAsync(response);
    }

    private async Task<(int Status, JsonNode Answer)> PatchAsync(string id, JsonObject fields)
    {
        using var response = await flowChat.Client.Http.PatchAsJsonAsync(
            $"/api/instances/{id}",
            fields,
            Ct
        );
        return await ReadAsync(response);
    }

    private static async Task<(int Status, JsonNode Answer)> ReadAsync(
        HttpResponseMessage response
    ) => ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!);
}
