using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Inbound;

public sealed class PhoneTypedTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_typed_on_the_phone_has_read_what_stands_above_it()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        await line.PostAsync(line.From(person, "1"), Ct);
        await line.PostAsync(line.From(person, "2"), Ct);

        await line.PostAsync(line.TypedTo(person, "answer"), Ct);
        Assert.Equal(0, (await line.ConversationAsync(Ct)).UnreadCount);

        await line.PostAsync(line.From(person, "3"), Ct);
        Assert.Equal(1, (await line.ConversationAsync(Ct)).UnreadCount);
        Assert.Equal("answer", (await line.ThreadAsync(Ct))[2].Text);
    }

    [Theory]
    [InlineData("in1 in3 me2", 1)]
    [InlineData("in3 me2 in1", 1)]
    [InlineData("me2 in1 in3", 1)]
    [InlineData("me4 in1 in3", 0)]
    [InlineData("in1 me4 in3", 0)]
    [InlineData("me2 in3 me4 in5 in1", 1)]
    [InlineData("in5 me4 in3 in1 me2", 1)]
    [InlineData("in6 in5 me2 in3 me4", 2)]
    public async Task A_late_webhook_neither_hides_nor_revives_what_is_unread(
        string arriving,
        int unread
    )
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        foreach (var text in arriving.Split(' '))
        {
            var message = line.From(person, text) with
            {
                FromMe = text.StartsWith("me", StringComparison.Ordinal),
            };
            await line.PostAsync(
                message with
                {
                    SentAt = message.SentAt.AddSeconds(text[^1] - '0'),
                },
                Ct
            );
        }

        Assert.Equal(unread, (await line.ConversationAsync(Ct)).UnreadCount);
    }

    [Fact]
    public async Task What_arrives_late_is_unread_though_the_conversation_was_opened_meanwhile()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        var late = line.From(person, "late");
        await line.PostAsync(
            late with
            {
                Id = "new-" + late.Id,
                SentAt = late.SentAt.AddSeconds(9),
            },
            Ct
        );
        var conversation = await line.ConversationAsync(Ct);
        using var opened = await flowChat.Server.Client.Http.PostAsync(
            $"/api/conversations/{conversation.Id}/read",
            null,
            Ct
        );
        opened.EnsureSuccessStatusCode();

        await line.PostAsync(late, Ct);
        Assert.Equal(1, (await line.ConversationAsync(Ct)).UnreadCount);

        // The answer stands between them: the late one is read with it, the other was opened before.
        var answer = line.TypedTo(person, "answer");
        await line.PostAsync(answer with { SentAt = late.SentAt.AddSeconds(5) }, Ct);
        Assert.Equal(0, (await line.ConversationAsync(Ct)).UnreadCount);
    }

    [Theory]
    [InlineData(AddressForm.Phone)]
    [InlineData(AddressForm.PhoneWithLidAlt)]
    [InlineData(AddressForm.LidWithPhoneAlt)]
    [InlineData(AddressForm.LidWithSenderPn)]
    [InlineData(AddressForm.LidOnly)]
    public async Task A_conversation_may_begin_on_the_phone(AddressForm address)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();

        await line.PostAsync(line.TypedTo(person, "Oi", new() { Address = address }), Ct);

        var conversation = await line.ConversationAsync(Ct);
        Assert.Equal((0, "open"), (conversation.UnreadCount, conversation.Status));
        Assert.NotEqual("+" + line.Number.Owner.Phone, conversation.Contact!.Phone);
        var message = Assert.Single(await line.ThreadAsync(conversation, Ct));
        Assert.Equal(
            ("out", "phone", "sent"),
            (message.Direction, message.Sender!.Kind, message.Status)
        );
    }

    [Fact]
    public async Task What_is_typed_on_the_phone_is_never_the_echo_of_an_open_send()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        await line.PostAsync(line.From(person, "Oi"), Ct);
        var conversation = await line.ConversationAsync(Ct);
        var gateway = flowChat.Gateway.FindInstance(line.Number.InstanceName)!;
        flowChat.Gateway.Script.Next(
            request => request.Instance == gateway.Name && request.IsSend,
            Reply.Lost
        );
        var sent = await flowChat.Server.Client.SendAsync(
            conversation.Id,
            "c-" + conversation.Id,
            "Bom dia",
            Ct
        );
        await WaitForStatusAsync(sent.Id, "unknown");

        var typed = line.TypedTo(person, "Bom dia") with { SentAt = sent.SentAt };
        Assert.Equal(new(1, 0, 0, 0), await line.PostAsync(typed, Ct));

        var thread = await line.ThreadAsync(conversation, Ct);
        Assert.Equal(["unknown"], thread.Where(m => m.Id == sent.Id).Select(m => m.Status));

        var real = await flowChat.Gateway.Sent.WaitAsync(s => s.Instance == gateway, Ct);
        var echo = typed with { Id = real.Id, Event = "send.message" };
        await line.PostAsync(echo, Ct);
        await line.PostAsync(echo, Ct);

        thread = await line.ThreadAsync(conversation, Ct);
        Assert.Equal(3, thread.Count);
        Assert.Equal(
            [(real.Id, "sent")],
            thread.Where(m => m.Id == sent.Id).Select(m => (m.WaId!, m.Status))
        );
        Assert.Equal(["phone"], thread.Where(m => m.WaId == typed.Id).Select(m => m.Sender!.Kind));
    }

    [Fact]
    public async Task What_other_programs_send_through_the_gateway_appears_once()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        await line.PostAsync(line.From(person, "Oi"), Ct);
        var echo = line.TypedTo(person, "Your order is on its way") with { Event = "send.message" };

        Assert.Equal(new(1, 0, 0, 0), await line.PostAsync(echo, Ct));
        Assert.Equal(new(0, 1, 0, 0), await line.PostAsync(echo, Ct));
        Assert.Equal(
            new(0, 1, 0, 0),
            await line.PostAsync(echo with { Event = "messages.upsert" }, Ct)
        );

        var thread = await line.ThreadAsync(Ct);
        Assert.Equal(["Oi", echo.Text], thread.Select(m => m.Text));
        Assert.Equal(("out", "sent"), (thread[1].Direction, thread[1].Status));
        Assert.Equal(0, (await line.ConversationAsync(Ct)).UnreadCount);
    }

    private async Task WaitForStatusAsync(Guid messageId, string status)
    {
        await foreach (var entry in flowChat.Server.Client.LiveAsync(0, Ct))
        {
            var message = entry.Data["message"];
            if (
                message?["id"]?.GetValue<Guid>() == messageId
                && message["status"]!.GetValue<string>() == status
            )
            {
                return;
            }
        }
        Assert.Fail($"The live stream ended before {messageId} was {status}.");
    }
}
