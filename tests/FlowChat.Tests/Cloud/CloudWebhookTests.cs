using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using FlowChat.Storage;
using FlowChat.Testing.Api;
using FlowChat.Testing.Cloud;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.Inbound;

namespace FlowChat.Tests.Cloud;

/// <summary>Meta's way in: the verification, the signature, every level of the body, and whose it is.</summary>
public sealed class CloudWebhookTests(CloudFlowChat flowChat) : IClassFixture<CloudFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Meta_is_answered_with_its_challenge_when_it_has_the_token()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);

        Assert.True(
            await line.Meta.Webhooks.VerifyAsync(
                line.Instance.WebhookUrl!,
                line.Instance.VerifyToken!,
                Ct
            )
        );

        var verified = await line.WaitAsync(
            live =>
                live.Instance?.Id == line.Instance.Id
                && live.Data["instance"]!["webhook_set_at"] is not null,
            Ct
        );
        Assert.NotNull(verified);
    }

    [Theory]
    [InlineData("subscribe", "whs_wrong")]
    [InlineData("subscribe", "")]
    [InlineData("unsubscribe", null)]
    public async Task Another_token_or_mode_gets_no_challenge(string mode, string? token)
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);

        using var response = await flowChat.Server.Client.Http.GetAsync(
            $"/webhooks/cloud/{line.Instance.Id}?hub.mode={mode}&hub.challenge=42&hub.verify_token={token ?? line.Instance.VerifyToken}",
            Ct
        );

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.NotEqual("42", await response.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task A_body_is_taken_with_the_signature_of_its_own_bytes_alone()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var message = CloudMessages.Text("Olá, ação — 👋 a/b").At("wamid.signed", line.Now);
        var json = line.Number.Message(Person.Number(1), message);
        var escaped = CloudJson.Bytes(json);
        var plain = EvolutionJson.Bytes(json);
        var changed = escaped.ToArray();
        changed[Array.LastIndexOf(changed, (byte)'O')] ^= 1;
        var signature = CloudWebhooks.Sign(escaped, line.Meta.AppSecret);

        await RefusedAsync(escaped, "");
        await RefusedAsync(escaped, "sha256=");
        await RefusedAsync(escaped, $"sha256={new string('0', 64)}");
        await RefusedAsync(escaped, signature[..^1]);
        await RefusedAsync(
            escaped,
            signature.Replace("sha256=", "sha1=", StringComparison.Ordinal)
        );
        await RefusedAsync(escaped, CloudWebhooks.Sign(escaped, "another secret"));
        await RefusedAsync(escaped, CloudWebhooks.Sign(escaped, ""));
        // The same text in other bytes, and one byte of it changed.
        await RefusedAsync(plain, signature);
        await RefusedAsync(changed, signature);

        using var taken = await line.TryPostAsync(
            escaped,
            Ct,
            signature.ToUpperInvariant().Replace("SHA256", "sha256", StringComparison.Ordinal)
        );
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        using var again = await line.TryPostAsync(plain, Ct);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(
            new WebhookAnswer(0, 1, 0, 0),
            await again.Content.ReadFromJsonAsync<WebhookAnswer>(FlowChatClient.Json, Ct)
        );
        var heard = await line.WaitAsync(live => live.Message?.WaId == "wamid.signed", Ct);
        Assert.Equal("Olá, ação — 👋 a/b", heard.Message!.Text);

        async Task RefusedAsync(byte[] body, string header)
        {
            using var refused = await line.TryPostAsync(body, Ct, header);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }
    }

    [Fact]
    public async Task The_signature_is_of_what_came_also_where_that_is_packed()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var message = CloudMessages.Text("Olá").At("wamid.packed", line.Now);
        var packed = PackedWebhook.Pack(
            "gzip",
            CloudJson.Bytes(line.Number.Message(Person.Number(1), message))
        );

        using var response = await line.TryPostAsync(packed, Ct, coding: "gzip");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await line.WaitAsync(live => live.Message?.WaId == "wamid.packed", Ct);
    }

    [Fact]
    public async Task Every_level_of_a_body_is_read()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var (ana, bruno) = (Person.Number(1), Person.Number(2));
        JsonObject From(Person person, int n) =>
            CloudMessages.From(
                person,
                CloudMessages.Text($"{n}").At($"wamid.level{n}", line.Now.AddSeconds(n)),
                default
            );
        var body = line.Number.Body(
            line.Number.Change([From(ana, 1), From(bruno, 2)]),
            line.Number.Change([From(ana, 3)])
        );
        // A second change in the first entry.
        body["entry"]![0]!["changes"]!.AsArray().Add(line.Number.Change([From(bruno, 4)]));

        Assert.Equal(new WebhookAnswer(4, 0, 0, 0), await line.PostAsync(body, Ct));
        Assert.Equal(new WebhookAnswer(0, 4, 0, 0), await line.PostAsync(body, Ct));
        foreach (var n in Enumerable.Range(1, 4))
        {
            await line.WaitAsync(live => live.Message?.WaId == $"wamid.level{n}", Ct);
        }
    }

    [Fact]
    public async Task One_address_serves_all_numbers_of_an_app_and_no_others()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var sister = await flowChat.ConnectCloudAsync(Ct, line.Meta);
        // Another app's: its secret isn't ours.
        await using var stranger = await flowChat.ConnectCloudAsync(
            Ct,
            await FakeCloud.StartAsync()
        );
        await PatchAsync(stranger, new { AppSecret = "ffffffffffffffffffffffffffffffff" });
        JsonObject For(CloudLine one, string id) =>
            one.Number.Change([
                CloudMessages.From(
                    Person.Number(1),
                    CloudMessages.Text(id).At(id, line.Now),
                    default
                ),
            ]);

        var answer = await line.PostAsync(
            line.Number.Body(
                For(line, "wamid.own"),
                For(sister, "wamid.sister"),
                For(stranger, "wamid.stranger")
            ),
            Ct
        );

        Assert.Equal(new WebhookAnswer(2, 0, 0, 1), answer);
        var own = await line.WaitAsync(live => live.Message?.WaId == "wamid.own", Ct);
        var theirs = await line.WaitAsync(live => live.Message?.WaId == "wamid.sister", Ct);
        Assert.Equal(line.Instance.Id, own.Conversation!.InstanceId);
        Assert.Equal(sister.Instance.Id, theirs.Conversation!.InstanceId);
        Assert.Equal(1, await QuarantinedAsync(line));
        Assert.Equal(0, await QuarantinedAsync(stranger));
    }

    [Fact]
    public async Task A_number_that_was_added_a_moment_ago_is_found()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        // The app's numbers are known now.
        await line.HearAsync(Person.Number(1), CloudMessages.Text("Oi"), Ct);
        var sister = await flowChat.ConnectCloudAsync(Ct, line.Meta);

        var answer = await line.PostAsync(
            sister.Number.Message(
                Person.Number(1),
                CloudMessages.Text("Oi").At(FakeCloud.NewId(), line.Now)
            ),
            Ct
        );

        Assert.Equal(new WebhookAnswer(1, 0, 0, 0), answer);
    }

    [Fact]
    public async Task A_new_app_secret_holds_at_once_and_the_old_one_no_more()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        await line.HearAsync(Person.Number(1), CloudMessages.Text("Oi"), Ct);
        await PatchAsync(line, new { AppSecret = "a new secret" });
        var body = CloudJson.Bytes(
            line.Number.Message(
                Person.Number(1),
                CloudMessages.Text("Oi").At(FakeCloud.NewId(), line.Now)
            )
        );

        using var now = await line.TryPostAsync(body, Ct, CloudWebhooks.Sign(body, "a new secret"));
        using var before = await line.TryPostAsync(body, Ct);

        Assert.Equal(HttpStatusCode.OK, now.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, before.StatusCode);
    }

    [Fact]
    public async Task An_instance_that_is_not_here_yet_is_asked_again_for()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        foreach (var id in new[] { Guid.CreateVersion7().ToString(), "x" })
        {
            using var response = await flowChat.Server.Client.Http.PostAsync(
                $"/webhooks/cloud/{id}",
                new StringContent("{}"),
                Ct
            );
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
        }
    }

    [Fact]
    public async Task What_can_not_be_read_is_kept_and_the_rest_goes_on()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var good = CloudMessages.From(
            Person.Number(1),
            CloudMessages.Text("Oi").At(FakeCloud.NewId(), line.Now),
            default
        );
        var nobody = CloudMessages.Text("?").At(FakeCloud.NewId(), line.Now);

        var answer = await line.PostAsync(
            line.Number.Body(
                line.Number.Change([nobody, good], errors: [new() { ["code"] = 131000 }])
            ),
            Ct
        );
        using var broken = await line.TryPostAsync(Encoding.UTF8.GetBytes("""{"object":"""), Ct);
        var page = await line.PostAsync(new JsonObject { ["object"] = "page" }, Ct);

        Assert.Equal(new WebhookAnswer(1, 0, 0, 2), answer);
        Assert.Equal(HttpStatusCode.OK, broken.StatusCode);
        Assert.Equal(1, page.Quarantined);
        Assert.Equal(4, await QuarantinedAsync(line));
    }

    [Fact]
    public async Task What_is_no_message_is_ignored()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var template = line.Number.Change();
        template["field"] = "message_template_status_update";

        Assert.Equal(
            new WebhookAnswer(0, 0, 1, 0),
            await line.PostAsync(line.Number.Body(template), Ct)
        );
    }

    private Task<HttpResponseMessage> PatchAsync(CloudLine line, object change) =>
        flowChat.Server.Client.Http.PatchAsJsonAsync(
            $"/api/instances/{line.Instance.Id}",
            change,
            FlowChatClient.Json,
            Ct
        );

    private async Task<long> QuarantinedAsync(CloudLine line)
    {
        await using var command = flowChat
            .Server.Get<Database>()
            .Migrator.CreateCommand("select count(*) from quarantine where instance_id = $1");
        command.Parameters.Add(new() { Value = line.Instance.Id });
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }
}
