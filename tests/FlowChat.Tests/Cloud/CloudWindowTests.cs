using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Cloud;

/// <summary>The 24 hours in which Meta takes any answer, and the templates that it takes at all times.</summary>
public sealed class CloudWindowTests(CloudFlowChat flowChat) : IClassFixture<CloudFlowChat>
{
    private const string Reminder = """
        {"name":"lembrete","language":"pt_BR","status":"APPROVED","category":"UTILITY","id":"1","components":[
          {"type":"HEADER","format":"TEXT","text":"Pedido {{1}}","example":{"header_text":["42"]} },
          {"type":"BODY","text":"Olá {{1}}, sua entrega é {{2}}. {{1}}!","example":{"body_text":[["Ana","hoje"]]} },
          {"type":"FOOTER","text":"Loja Centro"},
          {"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Ok"},
            {"type":"URL","text":"Ver","url":"https://example.com/{{1}}","example":["https://example.com/42"]}]}]}
        """;

    private const string Named = """
        {"name":"boas_vindas","language":"en","status":"APPROVED","category":"MARKETING","id":"2","components":[
          {"type":"BODY","text":"Hello {{first_name}}",
           "example":{"body_text_named_params":[{"param_name":"first_name","example":"Ana"}]} }]}
        """;

    private const string WithImage = """
        {"name":"promo","language":"pt_BR","status":"APPROVED","category":"MARKETING","id":"3","components":[
          {"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"Promoção"}]}
        """;

    private const string Carousel = """
        {"name":"vitrine","language":"pt_BR","status":"APPROVED","category":"MARKETING","id":"5","components":[
          {"type":"BODY","text":"Novidades"},{"type":"CAROUSEL","cards":[{"components":[{"type":"BODY","text":"Um"}]}]}]}
        """;

    private const string Rejected = """
        {"name":"recusado","language":"pt_BR","status":"REJECTED","category":"MARKETING","id":"4","components":[
          {"type":"BODY","text":"Não"}]}
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_closes_24_hours_after_the_other_side_wrote_and_a_late_webhook_does_not_shorten_it()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var at = line.Now.AddHours(-3);
        var ana = Person.Number(1);
        await line.PostAsync(
            line.Number.Message(ana, CloudMessages.Text("1").At("wamid.w1", at)),
            Ct
        );
        var first = await line.WaitAsync(live => live.Message?.WaId == "wamid.w1", Ct);
        await line.PostAsync(
            line.Number.Message(ana, CloudMessages.Text("0").At("wamid.w0", at.AddHours(-5))),
            Ct
        );
        var late = await line.WaitAsync(live => live.Message?.WaId == "wamid.w0", Ct);

        var closes = DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()).AddHours(24);
        Assert.Equal(closes, first.Conversation!.WindowClosesAt);
        Assert.Equal(closes, late.Conversation!.WindowClosesAt);
        Assert.Equal(
            closes,
            (await line.ConversationAsync(first.Conversation.Id, Ct)).WindowClosesAt
        );
    }

    [Fact]
    public async Task Outside_it_a_text_is_refused_by_name_and_a_template_goes_out()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        line.Meta.Templates.Add(JsonNode.Parse(Reminder));
        var conversation = await StartAsync(line);
        Assert.True(conversation.WindowClosesAt <= line.Now);

        using var refused = await line.TrySendAsync(conversation.Id, new { Text = "Olá" }, Ct);
        var template = await line.SendAsync(conversation, Filled(), Ct);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var problem = await refused.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Equal("window_closed", problem!["code"]!.GetValue<string>());
        Assert.Equal(
            ("template", "Olá Ana, sua entrega é hoje. Ana!"),
            (template.Type, template.Text)
        );
        Assert.Equal("Pedido 42", template.Content!["header"]!.GetValue<string>());
        await line.WaitAsync(template, "sent", Ct);
        var expected = JsonNode.Parse(
            """
            {"name":"lembrete","language":{"code":"pt_BR"},"components":[
             {"type":"header","parameters":[{"type":"text","text":"42"}]},
             {"type":"body","parameters":[{"type":"text","text":"Ana"},{"type":"text","text":"hoje"}]},
             {"type":"button","sub_type":"url","index":"1","parameters":[{"type":"text","text":"42"}]}]}
            """
        );
        var body = Assert.Single(line.Sends).Body!["template"];
        Assert.True(JsonNode.DeepEquals(expected, body), body!.ToJsonString());
    }

    [Fact]
    public async Task A_message_that_waits_while_it_closes_fails_with_that_reason()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var conversation = await line.OpenAsync(Ct);
        await line.Meta.StopListeningAsync();
        var message = await line.SendAsync(conversation, new { Text = "Olá" }, Ct);
        await line.WaitForStateAsync("unreachable", Ct);

        await line.ExecuteAsync(
            "update conversations set window_closes_at = now() - interval '1 s' where id = @Id",
            new { conversation.Id }
        );
        await line.Meta.ListenAsync();

        var failed = await line.WaitAsync(message, "failed", Ct);
        Assert.Equal("window_closed", failed.Error!.Code);
        Assert.Empty(line.Meta.Sent.All);
    }

    [Fact]
    public async Task Other_gateways_have_no_window()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ReceiveAsync(Person.Number(1), "Oi", "3EB0NOWINDOW");

        var heard = await number.WaitAsync(live => live.Message?.WaId == "3EB0NOWINDOW", Ct);

        Assert.Null(heard.Conversation!.WindowClosesAt);
        Assert.Null((await number.StartAsync(Ct, person: 2)).WindowClosesAt);
    }

    [Fact]
    public async Task Approved_templates_are_listed_over_all_pages_with_their_blanks()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        foreach (var template in new[] { Reminder, Named, WithImage, Rejected })
            line.Meta.Templates.Add(JsonNode.Parse(template));

        var listed = await ListAsync(line);
        line.Meta.Templates.Clear();
        var kept = await ListAsync(line);
        var fresh = await ListAsync(line, "?fresh=true");

        Assert.Equal(
            ["boas_vindas", "lembrete", "promo"],
            listed.Select(template => template["name"]!.GetValue<string>())
        );
        Assert.Equal(3, kept.Count);
        Assert.Empty(fresh);
        Assert.Equal(
            ["header.1=42", "body.1=Ana", "body.2=hoje", "button.1=https://example.com/42"],
            listed[1]["parameters"]!
                .AsArray()
                .Select(blank => $"{blank!["key"]}={blank["example"]}")
        );
        Assert.Equal("body.first_name", listed[0]["parameters"]![0]!["key"]!.GetValue<string>());
        Assert.Equal("image", listed[2]["needs"]!.GetValue<string>());
        Assert.True(listed[2]["can_be_sent"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("""{"name":"nenhum","language":"pt_BR"}""", "template")]
    [InlineData("""{"name":"vitrine","language":"pt_BR"}""", "template.name")]
    [InlineData(
        """{"name":"boas_vindas","language":"en"}""",
        "template.parameters.body.first_name"
    )]
    [InlineData(
        """{"name":"boas_vindas","language":"en","parameters":{"body.first_name":"a\nb"}}""",
        "template.parameters.body.first_name"
    )]
    public async Task A_template_that_can_not_be_sent_is_refused_by_its_field(
        string template,
        string field
    )
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        line.Meta.Templates.Add(JsonNode.Parse(Named));
        line.Meta.Templates.Add(JsonNode.Parse(Carousel));
        var conversation = await StartAsync(line);

        using var response = await line.TrySendAsync(
            conversation.Id,
            new JsonObject { ["type"] = "template", ["template"] = JsonNode.Parse(template) },
            Ct
        );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Equal(field, Assert.Single(problem!["errors"]!.AsObject()).Key);
        Assert.Empty(line.Sends);
    }

    [Fact]
    public async Task A_repeated_template_is_sent_once_and_a_named_blank_is_named()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        line.Meta.Templates.Add(JsonNode.Parse(Named));
        var conversation = await StartAsync(line);
        var body = new
        {
            ClientMessageId = Guid.CreateVersion7().ToString(),
            Template = new
            {
                Name = "boas_vindas",
                Language = "en",
                Parameters = new Dictionary<string, string> { ["body.first_name"] = "Ana" },
            },
        };

        var message = await line.SendAsync(conversation, body, Ct);
        await line.WaitAsync(message, "sent", Ct);
        using var again = await line.TrySendAsync(conversation.Id, body, Ct);

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        var parameter = Assert.Single(line.Sends).Body!["template"]!["components"]![0]![
            "parameters"
        ]![0]!;
        Assert.Equal("first_name", parameter["parameter_name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Another_gateway_has_no_templates()
    {
        await using var number = await flowChat.ConnectAsync(Ct);

        using var response = await flowChat.Server.Client.Http.GetAsync(
            $"/api/instances/{number.Instance.Id}/templates",
            Ct
        );

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    private static object Filled() =>
        new
        {
            Type = "template",
            Template = new
            {
                Name = "lembrete",
                Language = "pt_BR",
                Parameters = new Dictionary<string, string>
                {
                    ["header.1"] = "42",
                    ["body.1"] = "Ana",
                    ["body.2"] = "hoje",
                    ["button.1"] = "42",
                },
            },
        };

    private async Task<IReadOnlyList<JsonObject>> ListAsync(CloudLine line, string query = "") =>
        [
            .. (
                await flowChat.Server.Client.GetAsync<JsonObject>(
                    $"/api/instances/{line.Instance.Id}/templates{query}",
                    Ct
                )
            )["items"]!
                .AsArray()
                .Select(item => item!.AsObject()),
        ];

    private static Task<Conversation> StartAsync(CloudLine line) => line.StartAsync(Ct, person: 9);
}
