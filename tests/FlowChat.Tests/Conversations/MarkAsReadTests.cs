using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.Contacts;
using FlowChat.Tests.Messages;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Conversations;

/// <summary>What an agent opens, its writer sees as read.</summary>
public sealed class MarkAsReadTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Opening_a_conversation_marks_all_its_unread_messages_with_one_call()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ReceiveAsync(Person.Ana, "Oi", "ONE");
        await number.Fake.ReceiveAsync(Person.Ana, "Alguém?", "TWO");

        var conversation = await OpenAsync(number);
        await OpenAsync(number, conversation);

        await number.Gateway.Read.WaitAsync(2, _ => true, Ct);
        Assert.Equal(["ONE", "TWO"], number.Gateway.Read.All.Order());
        // The second opening found nothing unread.
        await number.Fake.ReceiveAsync(Person.Ana, "Ainda aí?", "THREE");
        await OpenAsync(number, conversation);
        await number.Gateway.Read.WaitAsync(id => id == "THREE", Ct);
        Assert.Equal(3, number.Gateway.Read.All.Count);
        Assert.Equal(2, Marks(number).Count);
    }

    [Fact]
    public async Task Opening_a_conversation_marks_all_its_unread_messages_however_many()
    {
        const int Many = 620;
        await using var number = await flowChat.ConnectAsync(Ct);
        var messages = Enumerable
            .Range(0, Many)
            .Select(i => new TextMessage(number.Fake.Number, Person.Ana, $"{i}")
            {
                Id = $"MANY{i:000}",
                SentAt = number.Now,
            })
            .ToList();
        await number.Fake.PostAsync(
            number.Fake.Number.Envelope(
                "messages.upsert",
                new JsonArray([.. messages.Select(message => (JsonNode)message.ToData())]),
                number.Now
            )
        );

        await OpenAsync(number);

        await number.Gateway.Read.WaitAsync(Many, _ => true, Ct);
        Assert.Equal(messages.Select(one => one.Id), number.Gateway.Read.All.Order());
        var sizes = Marks(number).Select(one => one.Body!["readMessages"]!.AsArray().Count);
        Assert.Equal([100, 100, 100, 100, 100, 100, 20], sizes);
    }

    [Fact]
    public async Task An_answer_marks_what_nobody_has_opened()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ReceiveAsync(Person.Ana, "Oi", "ANSWERED");
        var conversation = await FindAsync(number);

        await number.SendAsync(conversation, "Olá!", Ct);

        await number.Gateway.Read.WaitAsync(id => id == "ANSWERED", Ct);
        // The second answer found nothing unread.
        await number.SendAsync(conversation, "Em que posso ajudar?", Ct);
        await number.WaitForNoJobsAsync("mark_as_read", Ct);
        Assert.Single(Marks(number));
    }

    [Fact]
    public async Task What_was_opened_before_a_join_is_marked_after_it()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var ana = new SplitPerson(flowChat.Server, number);
        var open = Enumerable
            .Range(0, 2)
            .Select(i => ana.Message($"{i}", AddressForm.Phone, i))
            .ToList();
        var hidden = Enumerable
            .Range(2, 3)
            .Select(i => ana.Message($"{i}", AddressForm.LidOnly, i))
            .ToList();
        await PostAsync(number, open);
        await OpenAsync(number);
        await number.Gateway.Read.WaitAsync(2, _ => true, Ct);
        await PostAsync(number, hidden);
        await number.Fake.ChangeStateAsync("close", statusReason: 428);
        await number.WaitForStateAsync("close", Ct);
        await OpenAsync(number, (await ana.ConversationsAsync(Ct))[1]);

        await ana.MeetAsync("5", 5);
        Assert.Equal(1, (await ana.ConversationAsync(Ct)).UnreadCount);
        await number.Fake.ChangeStateAsync("open");

        await number.Gateway.Read.WaitAsync(3, id => hidden.Any(one => one.Id == id), Ct);
        Assert.Equal(
            open.Concat(hidden).Select(one => one.Id).Order(),
            number.Gateway.Read.All.Distinct().Order()
        );
    }

    [Fact]
    public async Task A_groups_messages_are_marked_in_the_group()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = new TextMessage(number.Fake.Number, Person.Ana, "Oi, gente")
        {
            Group = Group.Suppliers,
        };
        await number.Fake.PostAsync(message.ToEnvelope());

        await OpenAsync(number);

        await number.Gateway.Read.WaitAsync(id => id == message.Id, Ct);
        var key = Assert.Single(Marks(number)).Body!["readMessages"]![0]!;
        Assert.Equal(Group.Suppliers.Jid, key["remoteJid"]!.GetValue<string>());
        Assert.False(key["fromMe"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Whom_the_gateway_leaves_out_is_known_beforehand()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var hidden = new TextMessage(number.Fake.Number, Person.Bruno, "Oi")
        {
            Form = new() { Address = AddressForm.LidOnly },
        };
        await number.Fake.PostAsync(hidden.ToEnvelope());
        var theirs = await OpenAsync(number);
        await number.Gateway.Requests.WaitAsync(IsMark, Ct);
        await number.WaitForNoJobsAsync("mark_as_read", Ct);
        // Done, says the gateway, and nobody was told.
        Assert.Empty(number.Gateway.Read.All);

        await number.Fake.PostAsync(
            (
                hidden with
                {
                    Id = WhatsAppId.New(),
                    Form = new() { Address = AddressForm.PhoneWithLidAlt },
                }
            ).ToEnvelope()
        );
        await OpenAsync(number, theirs);
        await number.Gateway.Read.WaitAsync(1, _ => true, Ct);

        var view = await flowChat.Server.Client.GetAsync<JsonObject>(
            $"/api/instances/{number.Instance.Id}",
            Ct
        );
        var abilities = view["abilities"]!.AsArray().Select(one => (string?)one).ToList();
        Assert.Contains("read", abilities);
        Assert.DoesNotContain("read_hidden", abilities);
        Assert.DoesNotContain("read_group", abilities);
    }

    [Fact]
    public async Task From_its_release_2_4_on_the_gateway_tells_also_whose_number_is_hidden()
    {
        await using var number = await flowChat.ConnectAsync(Ct);

        await flowChat.UpgradeAsync(number, "2.4.0", Ct);
        // Pages that are open hear of it.
        await number.WaitAsync(one => Can(one.Data["instance"], "read_hidden"), Ct);
        var hidden = new TextMessage(number.Fake.Number, Person.Bruno, "Oi")
        {
            Form = new() { Address = AddressForm.LidOnly },
        };
        await number.Fake.PostAsync(hidden.ToEnvelope());
        await OpenAsync(number);

        await number.Gateway.Read.WaitAsync(id => id == hidden.Id, Ct);
        await flowChat.UpgradeAsync(number, "2.3.7", Ct);
        var view = await flowChat.Server.Client.GetAsync<JsonObject>(
            $"/api/instances/{number.Instance.Id}",
            Ct
        );
        Assert.False(Can(view, "read_hidden"));
        Assert.False(Can(view, "read_group"));

        static bool Can(JsonNode? instance, string ability) =>
            instance?["abilities"]?.AsArray().Any(one => (string?)one == ability) == true;
    }

    [Fact]
    public async Task While_the_number_is_closed_it_waits_and_then_is_told()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ReceiveAsync(Person.Ana, "Oi", "LATE");
        await number.Fake.ChangeStateAsync("close", statusReason: 428);
        await number.WaitForStateAsync("close", Ct);

        await OpenAsync(number);
        await number.Fake.ChangeStateAsync("open");

        await number.Gateway.Read.WaitAsync(id => id == "LATE", Ct);
        Assert.Single(Marks(number));
    }

    [Fact]
    public async Task A_gateway_that_says_closed_costs_no_attempt()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ReceiveAsync(Person.Ana, "Oi", "SILENT");
        number.Gateway.Script.Next(IsMark, Reply.Refused(Answer.ConnectionClosed));

        await OpenAsync(number);
        await number.Gateway.Requests.WaitAsync(IsMark, Ct);

        var job = await number.WaitForJobAsync("mark_as_read", row => row.State == "available", Ct);
        Assert.Equal(0, job.Attempt);
        Assert.Contains("Connection Closed", job.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_fails_is_asked_again()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ReceiveAsync(Person.Ana, "Oi", "AGAIN");
        number.Gateway.Script.Next(IsMark, Reply.Refused(Answer.Error(500, "Boom")));

        await OpenAsync(number);

        await number.Gateway.Read.WaitAsync(id => id == "AGAIN", Ct);
        Assert.Equal(2, Marks(number).Count);
    }

    private static bool IsMark(RecordedRequest request) =>
        request.Path.StartsWith("/chat/markMessageAsRead/", StringComparison.Ordinal);

    private static List<RecordedRequest> Marks(TestNumber number) =>
        [.. number.Gateway.Requests.All.Where(IsMark)];

    private static async Task PostAsync(TestNumber number, IEnumerable<TextMessage> messages)
    {
        foreach (var message in messages)
        {
            await number.Fake.PostAsync(message.ToEnvelope());
        }
    }

    private async Task<Conversation> OpenAsync(TestNumber number, Conversation? known = null)
    {
        var conversation = known ?? await FindAsync(number);
        using var answer = await flowChat.Server.Client.Http.PostAsync(
            $"/api/conversations/{conversation.Id}/read",
            null,
            Ct
        );
        Assert.Equal(204, (int)answer.StatusCode);
        return conversation;
    }

    private async Task<Conversation> FindAsync(TestNumber number) =>
        (
            await flowChat.Server.Client.ConversationsAsync(
                Ct,
                $"?instance_id={number.Instance.Id}"
            )
        ).Items.Single();
}
