using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Messages;

public sealed class SendTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_gateway_gets_the_path_the_key_and_the_body_of_its_contract()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);

        var message = await number.SendAsync(
            conversation,
            "Olá, \"Ana\" 👋\nhttps://a.example",
            Ct
        );

        await number.WaitAsync(message, "sent", Ct);
        var request = Assert.Single(number.Sends);
        Assert.Equal("POST", request.Method);
        Assert.Equal("/message/sendText/loja", request.Path);
        Assert.Equal(number.Gateway.ApiKey, request.Headers["apikey"]);
        Assert.Equal("application/json; charset=utf-8", request.Headers["Content-Type"]);
        var expected = new JsonObject
        {
            ["number"] = Person.Number(1).PhoneJid,
            ["text"] = "Olá, \"Ana\" 👋\nhttps://a.example",
            ["linkPreview"] = false,
        };
        Assert.True(JsonNode.DeepEquals(expected, request.Body), request.Body!.ToJsonString());
    }

    [Fact]
    public async Task A_groups_answer_goes_to_the_groups_address()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var group = Group.Suppliers with { Jid = "120363025246999999@g.us" };

        await AnswerAsync(
            number,
            new(number.Fake.Number, Person.Ana, "Alguém tem?") { Group = group }
        );

        Assert.Equal(group.Jid, number.Sends.Single().Number);
    }

    [Fact]
    public async Task A_contact_without_a_phone_number_is_reached_by_lid()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var hidden = Person.Number(77);

        await AnswerAsync(
            number,
            new(number.Fake.Number, hidden, "Oi")
            {
                Form = new MessageForm { Address = AddressForm.LidOnly },
            }
        );

        Assert.Equal(hidden.LidJid, number.Sends.Single().Number);
    }

    [Fact]
    public async Task Every_state_of_a_message_is_one_event()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan
        {
            Receipts =
            [
                WhatsAppStatus.Pending,
                WhatsAppStatus.ServerAck,
                WhatsAppStatus.DeliveryAck,
                WhatsAppStatus.DeliveryAck,
                WhatsAppStatus.ServerAck,
                WhatsAppStatus.Read,
                WhatsAppStatus.DeliveryAck,
            ],
        };
        var conversation = await number.StartAsync(Ct);

        var message = await number.SendAsync(conversation, "Bom dia", Ct);

        // The last of the fake's webhooks, after which nothing changes any more.
        await number.Gateway.Webhooks.Deliveries.WaitAsync(8, _ => true, Ct);
        await number.WaitAsync(message, "read", Ct);
        Assert.Equal(
            ["queued", "sending", "sent", "delivered", "read"],
            await number.StatesAsync(message, Ct)
        );
        var shown = Assert.Single(await number.ThreadAsync(conversation.Id, Ct));
        Assert.Equal(number.Gateway.Sent.All.Single().Id, shown.WaId);
        Assert.Equal(
            ("out", "user", "Admin"),
            (shown.Direction, shown.Sender!.Kind, shown.Sender.Name)
        );
        Assert.Null(await number.JobAsync(message));
    }

    [Fact]
    public async Task An_answer_clears_what_was_unread()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ReceiveAsync(Person.Bruno, "Oi");
        await number.Fake.ReceiveAsync(Person.Bruno, "Tudo bem?");
        var conversation = await ConversationAsync(number);
        Assert.Equal(2, conversation.UnreadCount);

        await number.SendAsync(conversation, "Tudo!", Ct);

        Assert.Equal(0, (await ConversationAsync(number)).UnreadCount);
    }

    private async Task AnswerAsync(TestNumber number, TextMessage incoming)
    {
        await number.Fake.PostAsync(incoming.ToEnvelope());
        var conversation = await ConversationAsync(number);
        var answer = await number.SendAsync(conversation, "Pode deixar", Ct);
        await number.WaitAsync(answer, "sent", Ct);
    }

    private async Task<Conversation> ConversationAsync(TestNumber number) =>
        (
            await flowChat.Server.Client.ConversationsAsync(
                Ct,
                $"?instance_id={number.Instance.Id}"
            )
        ).Items.Single();
}
