using System.Net;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Inbound;

public sealed class NumberStateTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 10, 31, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_gateways_word_on_a_connection_is_shown_and_told_live()
    {
        var line = await flowChat.ConnectAsync(Ct);
        foreach (
            var (state, reason) in new[]
            {
                ("close", 428),
                ("connecting", 200),
                ("refused", 500),
                ("open", 200),
            }
        )
        {
            // The gateway itself says the same when it is asked.
            await flowChat
                .Gateway.FindInstance(line.Number.InstanceName)!
                .ChangeStateAsync(state, reason);
            var before = (await flowChat.Server.Client.EventsAsync(0, Ct, limit: 1)).LastSeq;

            var answer = await line.PostAsync(line.Number.ConnectionUpdate(state, reason, At), Ct);

            Assert.Equal(1, answer.Accepted + answer.Duplicates);
            Assert.Equal(state, (await ReadAsync(line))["state"]!.GetValue<string>());
            if (answer.Accepted == 1)
            {
                var told = (await flowChat.Server.Client.EventsAsync(before, Ct)).Items;
                Assert.Contains(told, e => IsOf(line, e.Data["instance"], state));
            }
        }
        Assert.Equal(
            "+" + line.Number.Owner.Phone,
            (await ReadAsync(line))["phone"]!.GetValue<string>()
        );
        Assert.Equal(
            new(0, 1, 0, 0),
            await line.PostAsync(line.Number.ConnectionUpdate("open", 200, At), Ct)
        );
    }

    [Fact]
    public async Task A_state_nobody_knows_is_ignored_and_none_is_quarantined()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var none = line.Number.ConnectionUpdate("open", 200, At);
        none["data"]!.AsObject().Remove("state");

        Assert.Equal(
            new(0, 0, 1, 0),
            await line.PostAsync(line.Number.ConnectionUpdate("dreaming", 200, At), Ct)
        );
        Assert.Equal(new(0, 0, 0, 1), await line.PostAsync(none, Ct));
    }

    [Fact]
    public async Task A_pairing_code_is_the_last_one_and_goes_when_no_more_come_or_the_phone_is_paired()
    {
        var line = await PairAsync();
        Assert.Null(await QrAsync(line));

        await PostCodeAsync(line, 1);
        await PostCodeAsync(line, 2);
        var code = (await QrAsync(line))!;
        Assert.Equal("2@code-2", code["code"]!.GetValue<string>());
        Assert.Equal("WZYEH1Y2", code["pairing_code"]!.GetValue<string>());
        Assert.NotNull(code["base64"]);
        Assert.NotNull((await ReadAsync(line))["qr_at"]);

        Assert.Equal(new(1, 0, 0, 0), await line.PostAsync(line.Number.QrCodeLimitReached(At), Ct));
        Assert.Null(await QrAsync(line));

        await PostCodeAsync(line, 3);
        await line.PostAsync(line.Number.ConnectionUpdate("connecting", 200, At), Ct);
        Assert.NotNull(await QrAsync(line));
        await line.PostAsync(line.Number.ConnectionUpdate("open", 200, At), Ct);
        Assert.Null(await QrAsync(line));
    }

    [Fact]
    public async Task A_code_that_comes_late_replaces_none_that_is_newer()
    {
        var line = await PairAsync();
        await PostCodeAsync(line, 2, At.AddSeconds(20));

        Assert.Equal(new(0, 1, 0, 0), await PostCodeAsync(line, 1));
        Assert.Equal("2@code-2", (string?)(await QrAsync(line))!["code"]);
        await line.PostAsync(line.Number.QrCodeLimitReached(At.AddSeconds(40)), Ct);
        Assert.Equal(new(0, 1, 0, 0), await PostCodeAsync(line, 2, At.AddSeconds(20)));
        Assert.Null(await QrAsync(line));
        // No webhook is that late: the gateway's clock was set back.
        Assert.Equal(new(1, 0, 0, 0), await PostCodeAsync(line, 3, At.AddHours(-1)));
        Assert.Equal("2@code-3", (string?)(await QrAsync(line))!["code"]);
    }

    [Fact]
    public async Task A_code_that_comes_when_the_phone_is_paired_is_not_shown()
    {
        var line = await flowChat.ConnectAsync(Ct);

        Assert.Equal(new(0, 1, 0, 0), await PostCodeAsync(line, 1));

        Assert.Null(await QrAsync(line));
    }

    [Theory]
    [InlineData("{}", "neither a qrcode nor a message")]
    [InlineData("7", "neither a qrcode nor a message")]
    [InlineData("""{"qrcode":"2@code"}""", "neither code nor base64")]
    [InlineData("""{"qrcode":{"count":1}}""", "neither code nor base64")]
    [InlineData("""{"qrcode":{"code":7}}""", "code is no text")]
    [InlineData("""{"qrcode":{"code":"2@a","base64":{}}}""", "base64 is no text")]
    [InlineData("""{"qrcode":{"code":"long"}}""", "code is longer than 2000")]
    public async Task Junk_is_no_pairing_code(string data, string reason)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var junk = JsonNode.Parse(data.Replace("long", new('x', 2_001), StringComparison.Ordinal))!;

        var answer = await line.PostAsync(line.Number.Envelope("qrcode.updated", junk, At), Ct);

        Assert.Equal(new(0, 0, 0, 1), answer);
        Assert.Null(await QrAsync(line));
        Assert.Contains(reason, await line.QuarantinedForAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pairing_code_is_no_part_of_the_live_log()
    {
        var line = await PairAsync();
        var before = (await flowChat.Server.Client.EventsAsync(0, Ct, limit: 1)).LastSeq;

        await PostCodeAsync(line, 7);

        var events = (await flowChat.Server.Client.EventsAsync(before, Ct)).Items;
        Assert.Contains(events, e => e.Data["instance"]?["qr_at"] is not null);
        Assert.DoesNotContain(
            events,
            e => e.Data.ToJsonString().Contains("2@code", StringComparison.Ordinal)
        );
    }

    private async Task<WebhookLine> PairAsync()
    {
        var line = await flowChat.ConnectAsync(Ct);
        await flowChat
            .Gateway.FindInstance(line.Number.InstanceName)!
            .ChangeStateAsync("connecting");
        await line.PostAsync(line.Number.ConnectionUpdate("connecting", 200, At), Ct);
        return line;
    }

    private static Task<WebhookAnswer> PostCodeAsync(
        WebhookLine line,
        int n,
        DateTimeOffset? at = null
    ) =>
        line.PostAsync(
            line.Number.QrCodeUpdated(
                new()
                {
                    ["pairingCode"] = $"WZYEH1Y{n}",
                    ["code"] = $"2@code-{n}",
                    ["base64"] = "data:image/png;base64,iVBORw0KGgo=",
                },
                at ?? At
            ),
            Ct
        );

    private static bool IsOf(WebhookLine line, JsonNode? instance, string state) =>
        instance?["id"]!.GetValue<Guid>() == line.Instance.Id
        && instance["state"]!.GetValue<string>() == state;

    private Task<JsonObject> ReadAsync(WebhookLine line) =>
        flowChat.Server.Client.GetAsync<JsonObject>($"/api/instances/{line.Instance.Id}", Ct);

    private async Task<JsonObject?> QrAsync(WebhookLine line)
    {
        using var response = await flowChat.Server.Client.Http.GetAsync(
            $"/api/instances/{line.Instance.Id}/qr",
            Ct
        );
        return response.StatusCode == HttpStatusCode.NoContent
            ? null
            : JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!.AsObject();
    }
}
