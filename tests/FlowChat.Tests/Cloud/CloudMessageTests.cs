using System.Text.Json.Nodes;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Cloud;

/// <summary>Each kind of message that Meta tells, as the inbox shows it.</summary>
public sealed class CloudMessageTests(CloudFlowChat flowChat) : IClassFixture<CloudFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Choices_of_a_template_s_button_and_of_a_list()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var ana = Person.Number(1);

        var button = await line.HearAsync(ana, CloudMessages.Button("Sim", "yes"), Ct);
        var row = await line.HearAsync(ana, CloudMessages.ListReply("r1", "Sedex", "Rápido"), Ct);

        Assert.Equal(
            [("choice", "Sim", "yes"), ("choice", "Sedex", "r1")],
            new[] { button, row }.Select(m =>
                (m.Type, m.Text, m.Content!["id"]!.GetValue<string>())
            )
        );
        Assert.Equal("Rápido", row.Content!["description"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_was_filled_in_a_flow_is_kept_with_the_choice()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);

        var heard = await line.HearAsync(
            Person.Number(1),
            CloudMessages.FlowReply(
                """{"flow_token":"t-1","nome":"Rita","dias":["seg","qua"],"pessoas":2,"obs":null}"""
            ),
            Ct
        );

        Assert.Equal(("choice", "Sent"), (heard.Type, heard.Text));
        Assert.Equal(
            """[{"name":"nome","value":"Rita"},{"name":"dias","value":"seg, qua"},{"name":"pessoas","value":"2"}]""",
            heard.Content!["answers"]!.ToJsonString()
        );
    }

    [Theory]
    [InlineData("order")]
    [InlineData("poll_update")]
    [InlineData("a_kind_of_tomorrow")]
    public async Task What_can_not_be_shown_is_named_and_kept(string kind)
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var said = kind switch
        {
            "order" => CloudMessages.Order("Duas, por favor"),
            "poll_update" => CloudMessages.Unsupported(kind),
            _ => CloudMessages.Text("").With("type", kind),
        };

        var heard = await line.HearAsync(Person.Number(1), said, Ct);

        Assert.Equal("unsupported", heard.Type);
        Assert.Equal(kind, heard.Content!["kind"]!.GetValue<string>());
        Assert.Equal(kind == "order" ? "Duas, por favor" : null, heard.Text);
        var path = $"/api/messages/{heard.Id}/raw";
        var raw = await flowChat.Server.Client.GetAsync<JsonObject>(path, Ct);
        Assert.Equal(heard.WaId, (string?)raw["id"]);
    }

    [Fact]
    public async Task An_answer_to_an_ad_and_a_forwarded_one()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var ana = Person.Number(1);

        var ad = await line.HearAsync(ana, CloudMessages.Text("Quero").FromAd("Tênis"), Ct);
        var forwarded = await line.HearAsync(ana, CloudMessages.Text("Veja").Forwarded(), Ct);

        Assert.Equal("Tênis", ad.Content!["ad"]!["title"]!.GetValue<string>());
        Assert.Equal("120226305854810726", ad.Content["ad"]!["source_id"]!.GetValue<string>());
        Assert.Null(forwarded.ReplyTo);
        Assert.Equal("often", forwarded.Content!["forwarded"]!.GetValue<string>());
        Assert.Null(ad.Content["forwarded"]);
    }

    [Fact]
    public async Task What_is_typed_edited_and_revoked_in_the_business_app_of_the_number()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var ana = Person.Number(1);
        var heard = await line.HearAsync(ana, CloudMessages.Text("Oi"), Ct);
        await EchoAsync(CloudMessages.Text("Olá").At("wamid.typed", line.Now.AddSeconds(1)));
        var typed = (
            await line.WaitAsync(live => live.Message?.WaId == "wamid.typed", Ct)
        ).Message!;
        Assert.Equal(("out", "phone"), (typed.Direction, typed.Sender!.Kind));
        Assert.Equal(heard.ConversationId, typed.ConversationId);
        Assert.Equal(0, (await line.ConversationAsync(heard.ConversationId, Ct)).UnreadCount);

        await EchoAsync(
            CloudMessages.Edit("wamid.typed", "Olá!").At("wamid.e", line.Now.AddSeconds(2))
        );
        await line.WaitAsync(live => live.Message is { Text: "Olá!" }, Ct);
        await line.PostAsync(
            line.Number.Message(
                ana,
                CloudMessages.Revoke(heard.WaId!).At("wamid.r", line.Now.AddSeconds(3))
            ),
            Ct
        );
        await line.WaitAsync(live => live.Message is { DeletedAt: not null }, Ct);

        Task EchoAsync(System.Text.Json.Nodes.JsonObject message) =>
            line.PostAsync(
                line.Number.Body(line.Number.Change(echoes: [CloudMessages.To(ana, message)])),
                Ct
            );
    }

    [Theory]
    [InlineData("reaction", """{"emoji":"👍"}""")]
    [InlineData("revoke", "{}")]
    [InlineData("edit", """{"message":{"type":"text","text":{"body":"Oi"}}}""")]
    [InlineData("edit", """{"original_message_id":"wamid.x"}""")]
    [InlineData(
        "edit",
        """{"original_message_id":"wamid.x","message":{"type":"unsupported","unsupported":{}}}"""
    )]
    public async Task A_change_that_does_not_say_what_it_changes_is_kept(string type, string fields)
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var change = new JsonObject { ["type"] = type, [type] = JsonNode.Parse(fields) };

        var answer = await line.PostAsync(
            line.Number.Message(Person.Number(31), change.At("wamid.broken", line.Now)),
            Ct
        );

        Assert.Equal((1, 0), (answer.Quarantined, answer.Ignored));
    }

    [Fact]
    public async Task A_caption_that_was_taken_away_is_gone()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var ana = Person.Number(32);
        var heard = await line.HearAsync(
            ana,
            CloudMessages.Media("image", "5550032", "image/png", caption: "Antes"),
            Ct
        );
        Assert.Equal("Antes", heard.Text);

        await line.PostAsync(
            line.Number.Message(
                ana,
                CloudMessages
                    .Edit(heard.WaId!, CloudMessages.Media("image", "5550032", "image/png"))
                    .At("wamid.edit", line.Now)
            ),
            Ct
        );

        var edited = await line.WaitAsync(
            live => live.Message is { EditedAt: not null } one && one.Id == heard.Id,
            Ct
        );
        Assert.Null(edited.Message!.Text);
    }

    [Fact]
    public async Task A_changed_number_is_a_line_in_the_thread_of_the_old_one()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var ana = Person.Number(1);
        var heard = await line.HearAsync(ana, CloudMessages.Text("Oi"), Ct);
        var changed = line.Number.Body(
            line.Number.Change([
                CloudMessages.From(
                    ana,
                    CloudMessages.NumberChanged(ana, "5511955554444").At("wamid.moved", line.Now),
                    default
                ),
            ])
        );

        Assert.Equal(1, (await line.PostAsync(changed, Ct)).Accepted);
        Assert.Equal(1, (await line.PostAsync(changed, Ct)).Duplicates);

        var told = (await line.WaitAsync(live => live.Message?.WaId == "wamid.moved", Ct)).Message!;
        Assert.Equal(
            (heard.ConversationId, "system", "+5511955554444"),
            (told.ConversationId, told.Type, told.Text)
        );
        Assert.Equal("number_changed", told.Content!["event"]!.GetValue<string>());
        Assert.Equal(1, (await line.ConversationAsync(heard.ConversationId, Ct)).UnreadCount);
    }

    [Fact]
    public async Task A_person_without_a_number_is_one_with_their_number_once_a_webhook_names_both()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var ana = Person.Number(88);
        var hidden = await line.HearAsync(ana, CloudMessages.Text("1"), Ct, PersonForm.UserId);
        var known = await line.HearAsync(ana, CloudMessages.Text("2"), Ct);
        Assert.NotEqual(hidden.ConversationId, known.ConversationId);
        var before = await line.ConversationAsync(hidden.ConversationId, Ct);
        Assert.Null(before.Contact!.Phone);
        Assert.Equal(ana.Name, before.Contact.Name);

        var both = await line.HearAsync(ana, CloudMessages.Text("3"), Ct, PersonForm.Both);

        var thread = await line.ThreadAsync(both.ConversationId, Ct);
        Assert.Equal(["1", "2", "3"], thread.Select(message => message.Text).Order());
        var joined = await line.ConversationAsync(both.ConversationId, Ct);
        Assert.Equal("+" + ana.Phone, joined.Contact!.Phone);
        Assert.NotNull(joined.WindowClosesAt);
    }

    [Theory]
    [InlineData(131026, "undeliverable")]
    [InlineData(131047, "window_closed")]
    [InlineData(131053, "refused")]
    [InlineData(131000, "gateway_error")]
    public async Task A_failed_status_tells_why(int code, string expected)
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var sent = await line.WaitAsync(
            await line.SendAsync(await line.OpenAsync(Ct), new { Text = "Olá" }, Ct),
            "sent",
            Ct
        );

        await line.PostAsync(
            line.Number.Status(
                CloudStatus
                    .Of(sent.WaId!, "failed", line.Now, Person.Number(1).Phone)
                    .Failed(code, "Meta's words")
            ),
            Ct
        );

        var failed = await line.WaitAsync(sent, "failed", Ct);
        Assert.Equal((expected, $"{code}: Meta's words"), (failed.Error!.Code, failed.Error.Text));
    }
}
