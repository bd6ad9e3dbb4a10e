using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using FlowChat.Storage;
using FlowChat.Testing.Api;
using FlowChat.Testing.Cloud;
using FlowChat.Testing.Cloud.Payloads;

namespace FlowChat.Tests.Cloud;

public sealed class CloudSetupTests(CloudFlowChat flowChat) : IClassFixture<CloudFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_answer_tells_what_is_typed_at_meta_and_the_secrets_are_sealed()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);

        Assert.Equal($"/webhooks/cloud/{line.Instance.Id}", line.Instance.WebhookUrl!.AbsolutePath);
        Assert.StartsWith("whs_", line.Instance.VerifyToken);
        Assert.Equal("open", line.Instance.State);
        await using var command = flowChat
            .Server.Get<Database>()
            .Migrator.CreateCommand(
                "select to_jsonb(i)::text || encode(api_key_encrypted, 'escape') || encode(app_secret_encrypted, 'escape') from instances i where id = $1"
            );
        command.Parameters.Add(new() { Value = line.Instance.Id });
        var row = (string)(await command.ExecuteScalarAsync(Ct))!;
        Assert.Contains(line.Number.PhoneNumberId, row);
        Assert.DoesNotContain(line.Meta.Token, row);
        Assert.DoesNotContain(line.Meta.AppSecret, row);
        Assert.DoesNotContain(line.Instance.VerifyToken!, row);
    }

    [Theory]
    [InlineData("phone_number_id")]
    [InlineData("business_account_id")]
    [InlineData("api_key")]
    [InlineData("app_secret")]
    [InlineData("sends_per_second", "0")]
    [InlineData("phone_number_id", "\"+55 11 4002-8922\"")]
    [InlineData("verify_token", "\"a\\nb\"")]
    public async Task What_is_missing_or_wrong_is_told_by_its_field(
        string field,
        string? value = null
    )
    {
        await using var meta = await FakeCloud.StartAsync();
        var form = FormOf(meta, "106540352240001");
        form[field] = value is null ? null : JsonNode.Parse(value);

        using var response = await CreateAsync(form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Equal(field, Assert.Single(problem!["errors"]!.AsObject()).Key);
        Assert.DoesNotContain(meta.AppSecret, problem.ToJsonString());
    }

    [Fact]
    public async Task A_number_is_here_once()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);

        using var response = await CreateAsync(FormOf(line.Meta, line.Number.PhoneNumberId));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_verify_token_of_ones_own_holds_until_it_is_changed()
    {
        await using var meta = await FakeCloud.StartAsync();
        meta.AddNumber("106540352240002");
        var form = FormOf(meta, "106540352240002");
        form["verify_token"] = "meu segredo";
        using var response = await CreateAsync(form);
        var created = (
            await response.Content.ReadFromJsonAsync<Instance>(FlowChatClient.Json, Ct)
        )!;
        Assert.Equal("meu segredo", created.VerifyToken);
        Assert.True(await meta.Webhooks.VerifyAsync(created.WebhookUrl!, "meu segredo", Ct));

        using var patched = await flowChat.Server.Client.Http.PatchAsJsonAsync(
            $"/api/instances/{created.Id}",
            new { VerifyToken = "outro" },
            FlowChatClient.Json,
            Ct
        );

        Assert.DoesNotContain("outro", await patched.Content.ReadAsStringAsync(Ct));
        Assert.True(await meta.Webhooks.VerifyAsync(created.WebhookUrl!, "outro", Ct));
        Assert.False(await meta.Webhooks.VerifyAsync(created.WebhookUrl!, "meu segredo", Ct));
    }

    [Fact]
    public async Task A_wrong_token_is_told_at_once_and_the_number_is_there()
    {
        await using var meta = await FakeCloud.StartAsync();
        meta.AddNumber("106540352240003");
        var form = FormOf(meta, "106540352240003");
        form["api_key"] = "EAAwrong";

        using var response = await CreateAsync(form);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var created = (
            await response.Content.ReadFromJsonAsync<Instance>(FlowChatClient.Json, Ct)
        )!;
        Assert.Equal("refused", created.State);
        Assert.StartsWith("The gateway refuses its key: 190", created.StateReason);
        Assert.DoesNotContain("EAAwrong", created.StateReason);
    }

    [Fact]
    public async Task There_is_no_session_to_begin_or_end()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);

        using var connect = await flowChat.Server.Client.Http.PostAsync(
            $"/api/instances/{line.Instance.Id}/connect",
            null,
            Ct
        );

        Assert.Equal(HttpStatusCode.Conflict, connect.StatusCode);
    }

    private static JsonObject FormOf(FakeCloud meta, string phoneNumberId) =>
        System
            .Text.Json.JsonSerializer.SerializeToNode(
                CloudLine.Form(meta, new CloudNumber(phoneNumberId, meta.AccountId)),
                FlowChatClient.Json
            )!
            .AsObject();

    private Task<HttpResponseMessage> CreateAsync(JsonObject form) =>
        flowChat.Server.Client.Http.PostAsync(
            "/api/instances",
            new StringContent(form.ToJsonString(), Encoding.UTF8, "application/json"),
            Ct
        );
}
