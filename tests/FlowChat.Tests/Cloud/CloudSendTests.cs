using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Contacts;
using FlowChat.Inbound;
using FlowChat.Messages.Changes;
using FlowChat.Storage;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.Groups;

namespace FlowChat.Tests.Cloud;

/// <summary>What an agent sends, in Meta's words.</summary>
public sealed class CloudSendTests(CloudFlowChat flowChat) : IClassFixture<CloudFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_text() =>
        SendAsync(
            new { Text = "Olá 👋" },
            "text",
            """{"type":"text","text":{"preview_url":false,"body":"Olá 👋"} }"""
        );

    [Fact]
    public Task A_text_with_the_page_of_its_link() =>
        SendAsync(
            new { Text = "Veja https://loja.example", LinkPreview = true },
            "text",
            """{"type":"text","text":{"preview_url":true,"body":"Veja https://loja.example"} }"""
        );

    [Fact]
    public Task A_place() =>
        SendAsync(
            new
            {
                Location = new
                {
                    Latitude = -23.5613,
                    Longitude = -46.6565,
                    Name = "MASP",
                },
            },
            "location",
            """{"type":"location","location":{"latitude":-23.5613,"longitude":-46.6565,"name":"MASP"} }"""
        );

    [Fact]
    public Task A_card() =>
        SendAsync(
            new
            {
                Contacts = new[] { new { Name = "Bruno", Phones = new[] { "+55 21 99876-5432" } } },
            },
            "contacts",
            """
            {"type":"contacts","contacts":[{"name":{"formatted_name":"Bruno","first_name":"Bruno"},
             "phones":[{"phone":"+55 21 99876-5432","type":"CELL","wa_id":"5521998765432"}]}]}
            """
        );

    [Fact]
    public async Task Opening_a_thread_marks_the_newest_message_as_read()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        await line.HearAsync(Person.Number(1), CloudMessages.Text("Oi"), Ct);
        var newest = await line.HearAsync(Person.Number(1), CloudMessages.Text("Alô"), Ct);

        using var read = await flowChat.Server.Client.Http.PostAsync(
            $"/api/conversations/{newest.ConversationId}/read",
            null,
            Ct
        );

        var receipt = await line.Meta.Requests.WaitAsync(IsReceipt, Ct);
        Assert.Equal(newest.WaId, receipt.Body!["message_id"]!.GetValue<string>());
        Assert.Null(receipt.Body["typing_indicator"]);
    }

    [Fact]
    public async Task Typing_shows_with_the_newest_message()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var heard = await line.HearAsync(Person.Number(1), CloudMessages.Text("Oi"), Ct);

        using var typing = await flowChat.Server.Client.Http.PostAsync(
            $"/api/conversations/{heard.ConversationId}/typing",
            null,
            Ct
        );

        var shown = await line.Meta.Requests.WaitAsync(IsReceipt, Ct);
        Assert.Equal(heard.WaId, shown.Body!["message_id"]!.GetValue<string>());
        Assert.Equal("text", shown.Body["typing_indicator"]!["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Who_hides_their_number_is_answered_by_their_business_scoped_id()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var ana = Person.Number(77);
        var heard = await line.HearAsync(ana, CloudMessages.Text("Oi"), Ct, PersonForm.UserId);

        var answer = await line.SendAsync(
            await line.ConversationAsync(heard.ConversationId, Ct),
            new { Text = "Olá" },
            Ct
        );
        await line.WaitAsync(answer, "sent", Ct);

        var body = Assert.Single(line.Sends).Body!;
        Assert.Equal(ana.UserId(), body["recipient"]?.GetValue<string>());
        Assert.Null(body["to"]);
    }

    [Theory]
    [InlineData(PersonForm.Both, "sent")]
    [InlineData(PersonForm.Phone, "failed")]
    public async Task Who_lost_their_number_is_never_written_to_by_their_lid(
        PersonForm form,
        string status
    )
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var ana = GroupTalk.NewPerson();
        var heard = await line.HearAsync(ana, CloudMessages.Text("Oi"), Ct, form);
        // As another gateway tells of them, and then of whom their number went to.
        await MeetAsync("Oi", ana.Lid);
        await MeetAsync("Bom dia", GroupTalk.NewPerson().Lid);
        var conversation = await line.ConversationAsync(heard.ConversationId, Ct);
        Assert.Null(conversation.Contact!.Phone);

        var answer = await line.SendAsync(conversation, new { Text = "Olá" }, Ct);
        var told = await line.WaitAsync(answer, status, Ct);
        await flowChat.Server.Client.Http.PutAsJsonAsync(
            $"/api/messages/{heard.Id}/reaction",
            new { Emoji = "👍" },
            Ct
        );
        await NumberJobs.WaitForNoJobsAsync(
            flowChat.Server,
            line.Instance,
            ChangeMessageJob.Queue,
            Ct
        );

        Assert.Equal(status == "failed" ? "undeliverable" : null, told.Error?.Code);
        Assert.All(
            line.Sends,
            send =>
                Assert.Equal(
                    (ana.UserId(), null),
                    ((string?)send.Body!["recipient"], (string?)send.Body["to"])
                )
        );
        Assert.Equal(status == "failed" ? 0 : 2, line.Sends.Count);

        Task MeetAsync(string text, string lid) =>
            flowChat
                .Server.Get<TenantWriter>()
                .WriteAsync(
                    flowChat.TenantId,
                    new ReceiveMessage(
                        new()
                        {
                            InstanceId = line.Instance.Id,
                            WaId = WhatsAppId.New(),
                            FromMe = false,
                            IsEcho = false,
                            Chat = [new(IdentityKind.Lid, lid), new(IdentityKind.Phone, ana.Phone)],
                            Type = "text",
                            Text = text,
                            SentAt = line.Now.AddSeconds(1),
                        }
                    ),
                    Ct
                );
    }

    [Fact]
    public async Task A_text_is_as_long_as_meta_takes_and_no_longer()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var conversation = await line.OpenAsync(Ct);

        using var refused = await line.TrySendAsync(
            conversation.Id,
            new { Text = new string('a', 4_097) },
            Ct
        );
        var longest = await line.SendAsync(conversation, new { Text = new string('a', 4_096) }, Ct);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync(Ct))!;
        Assert.Equal(
            "This number's gateway takes at most 4096 characters: this text has 4097. Send it in several messages.",
            problem["errors"]!["text"]![0]!.GetValue<string>()
        );
        await line.WaitAsync(longest, "sent", Ct);
        Assert.Single(line.Sends);
    }

    [Fact]
    public async Task Its_abilities_and_limits_are_known_beforehand()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);

        var view = await flowChat.Server.Client.GetAsync<JsonObject>(
            $"/api/instances/{line.Instance.Id}",
            Ct
        );

        var abilities = view["abilities"]!
            .AsArray()
            .Select(one => one!.GetValue<string>())
            .ToList();
        Assert.Contains("template", abilities);
        Assert.Contains("voice_reply", abilities);
        Assert.Contains("link_preview", abilities);
        Assert.Contains("read_hidden", abilities);
        Assert.DoesNotContain("read_group", abilities);
        Assert.DoesNotContain("poll", abilities);
        Assert.DoesNotContain("edit", abilities);
        Assert.DoesNotContain("delete", abilities);
        Assert.Equal(80, view["sends_per_second"]!.GetValue<int>());
        Assert.Equal(4_096, view["text_limit"]!.GetValue<int>());
        var photos = view["file_limits"]!["image"]!;
        Assert.Equal("""["image/jpeg","image/png"]""", photos["mime_types"]!.ToJsonString());
        Assert.Equal(5_000_000, photos["max_bytes"]!.GetValue<long>());
        Assert.Equal("+551140028922", view["phone"]!.GetValue<string>());
        Assert.DoesNotContain(line.Meta.Token, view.ToJsonString());
        Assert.DoesNotContain(line.Meta.AppSecret, view.ToJsonString());
    }

    private async Task SendAsync(object body, string type, string expected)
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var conversation = await line.OpenAsync(Ct);

        var message = await line.SendAsync(conversation, body, Ct);
        Assert.Equal(type, message.Type);
        var sent = await line.WaitAsync(message, "sent", Ct);

        var request = Assert.Single(line.Sends);
        Assert.Equal($"/v24.0/{line.Number.PhoneNumberId}/messages", request.Path);
        var whole = JsonNode.Parse(expected)!.AsObject();
        whole["messaging_product"] = "whatsapp";
        whole["recipient_type"] = "individual";
        whole["to"] = Person.Number(1).Phone;
        whole["biz_opaque_callback_data"] = message.Id.ToString();
        Assert.True(JsonNode.DeepEquals(whole, request.Body), request.Body!.ToJsonString());
        Assert.Equal(Assert.Single(line.Meta.Sent.All).Id, sent.WaId);
    }

    private static bool IsReceipt(RecordedRequest request) =>
        request.Body?["status"]?.GetValue<string>() == "read";
}
