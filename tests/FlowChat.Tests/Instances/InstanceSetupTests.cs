using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.Inbound;

namespace FlowChat.Tests.Instances;

/// <summary>A number's gateway is set up from here: nobody opens its console.</summary>
public sealed class InstanceSetupTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static readonly string[] Events =
    [
        "MESSAGES_UPSERT",
        "MESSAGES_UPDATE",
        "MESSAGES_EDITED",
        "MESSAGES_DELETE",
        "SEND_MESSAGE",
        "SEND_MESSAGE_UPDATE",
        "CONNECTION_UPDATE",
        "QRCODE_UPDATED",
        "CALL",
        "PRESENCE_UPDATE",
        "CONTACTS_UPDATE",
        "GROUPS_UPSERT",
        "GROUP_UPDATE",
        "GROUP_PARTICIPANTS_UPDATE",
    ];

    private FlowChatClient Client => flowChat.Server.Client;
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Our_webhook_is_registered_where_the_gateway_knows_the_instance()
    {
        await using var gateway = await FakeEvolution.StartAsync();
        gateway.AddInstance("loja +1");

        var number = await CreateAsync(gateway, "loja +1");

        var body = Assert
            .Single(gateway.Requests.All, request => request.Path == "/webhook/set/loja +1")
            .Body!["webhook"]!;
        Assert.Equal(number.WebhookUrl!.ToString(), (string?)body["url"]);
        Assert.Equal("Bearer " + number.WebhookSecret, (string?)body["headers"]!["Authorization"]);
        Assert.Equal(
            (true, false, false),
            ((bool)body["enabled"]!, (bool)body["byEvents"]!, (bool)body["base64"]!)
        );
        Assert.Equal(Events, body["events"]!.AsArray().Select(name => (string?)name));
        var delivery = await gateway.FindInstance("loja +1")!.ReceiveAsync(Person.Ana, "Olá");
        Assert.Equal(HttpStatusCode.OK, delivery.Status);
    }

    [Fact]
    public async Task An_instance_that_the_gateway_does_not_know_is_made_there_and_shows_its_code()
    {
        await using var gateway = await FakeEvolution.StartAsync();

        var number = await CreateAsync(gateway, "nova");

        Assert.Equal("connecting", number.State);
        var made = gateway.FindInstance("nova");
        Assert.NotNull(made);
        var qr = await Client.GetAsync<JsonObject>($"/api/instances/{number.Id}/qr", Ct);
        Assert.Equal("2@fake-nova-1", (string?)qr["code"]);
        await made.ChangeStateAsync("open");
        var view = await Client.GetAsync<JsonObject>($"/api/instances/{number.Id}", Ct);
        Assert.Equal(("open", null), ((string?)view["state"], view["qr_at"]));
        Assert.NotNull(view["webhook_set_at"]);
    }

    [Fact]
    public async Task A_number_that_is_asked_for_again_is_the_one_that_is_there()
    {
        await using var gateway = await FakeEvolution.StartAsync();
        gateway.AddInstance("loja");
        var form = new
        {
            Name = "Loja",
            Gateway = "evolution",
            BaseUrl = gateway.BaseUrl.ToString().TrimEnd('/'),
            gateway.ApiKey,
            InstanceName = "loja",
        };

        using var first = await MakeAsync(form);
        using var second = await MakeAsync(form with { BaseUrl = form.BaseUrl + "/" });
        var atOnce = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => MakeAsync(form with { InstanceName = "outra" }))
        );

        Assert.Equal(
            (HttpStatusCode.Created, HttpStatusCode.Conflict),
            (first.StatusCode, second.StatusCode)
        );
        var refusal = (await second.Content.ReadFromJsonAsync<JsonObject>(Ct))!;
        Assert.Equal("instance_taken", (string?)refusal["code"]);
        Assert.Single(gateway.Requests.All, request => request.Path == "/webhook/set/loja");
        Assert.Equal(
            [HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.Conflict],
            atOnce.Select(answer => answer.StatusCode).Order()
        );
        var made = (await first.Content.ReadFromJsonAsync<JsonObject>(Ct))!;
        await DeleteAsync($"/api/instances/{made["id"]}", HttpStatusCode.NoContent);
        using var again = await MakeAsync(form);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task A_gateway_that_is_away_is_set_up_as_soon_as_it_answers()
    {
        await using var gateway = await FakeEvolution.StartAsync();
        gateway.AddInstance("tarde");
        await gateway.StopListeningAsync();

        var number = await CreateAsync(gateway, "tarde");
        Assert.Equal("unreachable", number.State);
        await gateway.ListenAsync();
        using var answer = await Client.TryPostWebhookAsync(
            number,
            new TextMessage(new EvolutionNumber("tarde"), Person.Ana, "Antes").ToBytes(),
            Ct
        );

        // The secret that was shown holds before the gateway gets it, and after.
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await gateway.Requests.WaitAsync(
            request => request.Path.StartsWith("/webhook/set", StringComparison.Ordinal),
            Ct
        );
        await WaitUntilSetAsync(number);
        var delivery = await gateway.FindInstance("tarde")!.ReceiveAsync(Person.Ana, "Depois");
        Assert.Equal((HttpStatusCode.OK, 1), (delivery.Status, delivery.Attempts));
        using var old = await Client.TryPostWebhookAsync(
            number,
            new TextMessage(new EvolutionNumber("tarde"), Person.Ana, "Ainda").ToBytes(),
            Ct
        );
        Assert.Equal(HttpStatusCode.OK, old.StatusCode);
    }

    [Fact]
    public async Task A_rotated_secret_is_the_gateways_at_once()
    {
        await using var gateway = await FakeEvolution.StartAsync();
        gateway.AddInstance("loja");
        var number = await CreateAsync(gateway, "loja");

        var rotated = await Client.PostAsync<JsonObject>(
            $"/api/instances/{number.Id}/rotate-secret",
            new { },
            Ct
        );

        Assert.NotNull(rotated["webhook_set_at"]);
        Assert.Equal(
            gateway.FindInstance("loja")!.Webhook!.Url.ToString(),
            (string)rotated["webhook_url"]!
        );
        Assert.Equal(
            $"Bearer {rotated["webhook_secret"]}",
            gateway.FindInstance("loja")!.Webhook!.Headers["Authorization"]
        );
        var delivery = await gateway.FindInstance("loja")!.ReceiveAsync(Person.Ana, "Olá");
        Assert.Equal((HttpStatusCode.OK, 1), (delivery.Status, delivery.Attempts));
    }

    [Fact]
    public async Task Connecting_shows_a_code_that_rotates_and_then_the_state()
    {
        await using var gateway = await FakeEvolution.StartAsync();
        var fake = gateway.AddInstance("loja", state: "close");
        var number = await CreateAsync(gateway, "loja");

        var first = await PostAsync(number, "connect");
        await fake.PostAsync(
            fake.Number.QrCodeUpdated(
                new JsonObject { ["code"] = "2@rotated" },
                TimeProvider.System.GetUtcNow()
            )
        );
        var qr = await Client.GetAsync<JsonObject>($"/api/instances/{number.Id}/qr", Ct);
        await fake.ChangeStateAsync("open");
        var then = await PostAsync(number, "connect");

        Assert.Equal(
            ("connecting", "2@fake-loja-1", null),
            ((string?)first["state"], (string?)first["qr"]!["code"], (string?)first["pairing_code"])
        );
        Assert.Equal("2@rotated", (string?)qr["code"]);
        Assert.Equal(("open", null), ((string?)then["state"], then["qr"]));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_code_to_type_is_told_for_a_phone_also_while_one_to_scan_is_shown()
    {
        await using var gateway = await FakeEvolution.StartAsync();
        gateway.QrInterval = Timeout.InfiniteTimeSpan;
        gateway.AddInstance("loja", state: "close");
        var number = await CreateAsync(gateway, "loja");

        var first = await PostAsync(number, "connect?phone=%2B55%2011%2098765-4321");
        var picture = await PostAsync(number, "connect");
        var other = await PostAsync(number, "connect?phone=5511987650001");

        Assert.StartsWith("WZYEH1Y", (string?)first["pairing_code"], StringComparison.Ordinal);
        Assert.Equal("connecting", (string?)picture["state"]);
        Assert.StartsWith("WZYEH1Y", (string?)other["pairing_code"], StringComparison.Ordinal);
        Assert.Equal("connecting", (string?)other["state"]);
        Assert.Equal("5511987650001", gateway.FindInstance("loja")!.PairedPhone);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_connected_number_isnt_asked_for_a_code_to_type()
    {
        await using var gateway = await FakeEvolution.StartAsync();
        gateway.AddInstance("loja", state: "open");
        var number = await CreateAsync(gateway, "loja");

        var answer = await PostAsync(number, "connect?phone=5511987654321");

        Assert.Equal("open", (string?)answer["state"]);
        Assert.Equal("open", gateway.FindInstance("loja")!.State);
    }

    [Fact(Timeout = 60_000)]
    public async Task Codes_rotate_by_themselves_until_the_phone_has_scanned_one()
    {
        await using var gateway = await FakeEvolution.StartAsync();
        gateway.QrInterval = TimeSpan.FromMilliseconds(50);
        var fake = gateway.AddInstance("loja", state: "close");
        var number = await CreateAsync(gateway, "loja");

        await PostAsync(number, "connect");

        await gateway.Webhooks.Deliveries.WaitAsync(IsThirdCode(), Ct);
        var qr = await Client.GetAsync<JsonObject>($"/api/instances/{number.Id}/qr", Ct);
        var code = (string)qr["code"]!;
        Assert.StartsWith("2@fake-loja-", code, StringComparison.Ordinal);
        Assert.NotEqual("2@fake-loja-1", code);
        await fake.ChangeStateAsync("open");
        Assert.Equal("open", (string?)(await PostAsync(number, "connect"))["state"]);

        static Func<WebhookDelivery, bool> IsThirdCode()
        {
            var codes = 0;
            return delivery => delivery.Event == "qrcode.updated" && ++codes == 3;
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Nobody_scans_a_code_and_the_gateway_gives_up()
    {
        await using var gateway = await FakeEvolution.StartAsync();
        gateway.QrInterval = TimeSpan.FromMilliseconds(1);
        gateway.AddInstance("loja", state: "close");
        var number = await CreateAsync(gateway, "loja");

        await PostAsync(number, "connect");

        await gateway.Webhooks.Deliveries.WaitAsync(
            delivery => delivery.Event == "connection.update",
            Ct
        );
        var after = await Client.GetAsync<JsonObject>($"/api/instances/{number.Id}", Ct);
        Assert.Equal("refused", (string?)after["state"]);
    }

    [Fact]
    public async Task An_error_that_comes_as_200_is_told_in_the_gateways_words()
    {
        await using var gateway = await FakeEvolution.StartAsync();
        gateway.AddInstance("loja", state: "close");
        var number = await CreateAsync(gateway, "loja");
        gateway.Script.Next(
            request => request.Path.StartsWith("/instance/connect/", StringComparison.Ordinal),
            Reply.Refused(
                new Answer(
                    200,
                    new JsonObject { ["error"] = true, ["message"] = "Error: socket hang up" }
                )
            )
        );

        using var answer = await Client.Http.PostAsync(
            $"/api/instances/{number.Id}/connect",
            null,
            Ct
        );

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Contains(
            "socket hang up",
            await answer.Content.ReadAsStringAsync(Ct),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Logging_out_closes_the_number_also_when_it_was_closed_already()
    {
        await using var gateway = await FakeEvolution.StartAsync();
        gateway.AddInstance("loja");
        var number = await CreateAsync(gateway, "loja");

        var first = await PostAsync(number, "logout");
        var second = await PostAsync(number, "logout");

        Assert.Equal(("close", "close"), ((string?)first["state"], (string?)second["state"]));
        Assert.Equal("close", gateway.FindInstance("loja")!.State);
    }

    [Fact]
    public async Task Removing_a_number_leaves_it_at_the_gateway_unless_it_shall_go_there_too()
    {
        await using var gateway = await FakeEvolution.StartAsync();
        gateway.AddInstance("fica");
        gateway.AddInstance("sai");
        var stays = await CreateAsync(gateway, "fica");
        var goes = await CreateAsync(gateway, "sai");

        await DeleteAsync($"/api/instances/{stays.Id}", HttpStatusCode.NoContent);
        await DeleteAsync($"/api/instances/{goes.Id}?at_gateway=true", HttpStatusCode.NoContent);

        Assert.NotNull(gateway.FindInstance("fica"));
        Assert.Null(gateway.FindInstance("sai"));
    }

    [Fact]
    public async Task A_number_stays_when_its_gateway_can_not_remove_it()
    {
        await using var gateway = await FakeEvolution.StartAsync();
        gateway.AddInstance("loja");
        var number = await CreateAsync(gateway, "loja");
        await gateway.StopListeningAsync();

        await DeleteAsync($"/api/instances/{number.Id}?at_gateway=true", HttpStatusCode.BadGateway);

        await Client.GetAsync<JsonObject>($"/api/instances/{number.Id}", Ct);
    }

    private Task<HttpResponseMessage> MakeAsync(object form) =>
        Client.Http.PostAsJsonAsync("/api/instances", form, FlowChatClient.Json, Ct);

    private Task<Instance> CreateAsync(FakeEvolution gateway, string name) =>
        Client.CreateEvolutionInstanceAsync("Loja", gateway.BaseUrl, gateway.ApiKey, name, Ct);

    private Task<JsonObject> PostAsync(Instance number, string action) =>
        Client.PostAsync<JsonObject>($"/api/instances/{number.Id}/{action}", new { }, Ct);

    private async Task DeleteAsync(string path, HttpStatusCode expected)
    {
        using var answer = await Client.Http.DeleteAsync(path, Ct);
        Assert.Equal(expected, answer.StatusCode);
    }

    private async Task WaitUntilSetAsync(Instance number)
    {
        await foreach (var live in Client.LiveAsync(0, Ct))
        {
            if (
                live.Data["instance"] is { } now
                && (string?)now["id"] == number.Id.ToString()
                && now["webhook_set_at"] is not null
            )
            {
                return;
            }
        }
    }
}
