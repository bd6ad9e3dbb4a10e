using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Messages;

/// <summary>"May have been sent": how it is settled, and by what it isn't.</summary>
public sealed class UnknownSendTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_echo_settles_it_when_there_is_one_candidate()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var late = new TaskCompletionSource();
        number.Gateway.Echo = new EchoPlan
        {
            Signal = late.Task,
            Receipts = [WhatsAppStatus.DeliveryAck],
        };
        var message = await number.LoseReplyAsync(await number.StartAsync(Ct), "Olá", Ct);

        late.SetResult();

        var sent = await number.WaitAsync(message, "sent", Ct);
        Assert.Equal(number.Gateway.Sent.All.Single().Id, sent.WaId);
        Assert.Null(sent.Error);
        await number.WaitAsync(message, "delivered", Ct);
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
        Assert.Single(number.Sends);
    }

    [Fact]
    public async Task Its_lane_goes_on_as_soon_as_it_is_settled()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var late = new TaskCompletionSource();
        number.Gateway.Echo = new EchoPlan { Signal = late.Task };
        var conversation = await number.StartAsync(Ct);
        var message = await number.LoseReplyAsync(conversation, "Olá", Ct);
        var behind = await number.SendAsync(conversation, "Depois", Ct);
        Assert.Equal("blocked", (await number.JobAsync(behind))!.State);

        late.SetResult();

        await number.WaitAsync(behind, "sent", Ct);
        Assert.Null(await number.JobAsync(message));
    }

    [Fact]
    public async Task It_holds_its_lane_for_a_minute_and_no_longer()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var message = await number.LoseReplyAsync(conversation, "Olá", Ct);

        var behind = await number.SendAsync(conversation, "Depois", Ct);

        var job = (await number.JobAsync(message))!;
        Assert.Equal(("available", 0), (job.State, job.Attempt));
        Assert.InRange(job.Wait, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
        Assert.Equal("blocked", (await number.JobAsync(behind))!.State);

        await number.EndHoldAsync(message);

        await number.WaitAsync(behind, "sent", Ct);
        Assert.Null(await number.JobAsync(message));
        Assert.Equal("unknown", (await number.ReadAsync(message, Ct)).Status);
        Assert.Equal(["Olá", "Depois"], number.Sends.Select(send => send.Text));
    }

    [Fact]
    public async Task What_was_typed_on_the_phone_does_not_settle_it()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var late = new TaskCompletionSource();
        number.Gateway.Echo = new EchoPlan { Signal = late.Task };
        var conversation = await number.StartAsync(Ct);
        var message = await number.LoseReplyAsync(conversation, "Olá", Ct);

        var typed = Typed(number, "Olá");
        await number.Fake.PostAsync(typed.ToEnvelope());

        // Only the send's own id can tell that this one isn't it.
        var shown = Assert.Single(await number.ThreadAsync(conversation.Id, Ct));
        Assert.Equal(("unknown", "user"), (shown.Status, shown.Sender!.Kind));
        late.SetResult();
        var sent = await number.WaitAsync(message, "sent", Ct);
        Assert.Equal(number.Gateway.Sent.All.Single().Id, sent.WaId);
        Assert.Equal(
            [("sent", "user", sent.WaId), ("sent", "phone", typed.Id)],
            (await number.ThreadAsync(conversation.Id, Ct)).Select(one =>
                (one.Status, one.Sender!.Kind, one.WaId)
            )
        );
    }

    [Fact]
    public async Task What_was_typed_on_the_phone_waits_for_it_a_minute_and_no_longer()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var message = await number.LoseReplyAsync(conversation, "Olá", Ct);
        var typed = Typed(number, "Já ligo");
        await number.Fake.PostAsync(typed.ToEnvelope());
        Assert.Single(await number.ThreadAsync(conversation.Id, Ct));

        await number.EndHoldAsync(message);
        await number.WaitAsync(live => live.Message?.WaId == typed.Id, Ct);

        var next = Typed(number, "Até já");
        await number.Fake.PostAsync(next.ToEnvelope());
        Assert.Equal(
            ["unknown", "sent", "sent"],
            (await number.ThreadAsync(conversation.Id, Ct)).Select(shown => shown.Status)
        );
    }

    [Fact]
    public async Task Another_text_or_another_conversation_does_not_settle_it()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var other = await number.StartAsync(Ct, person: 2);
        var message = await number.LoseReplyAsync(conversation, "Olá", Ct);

        await EchoAsync(number, "Olá!", person: 1);
        await EchoAsync(number, "Olá", person: 2);

        Assert.Equal("unknown", (await number.ReadAsync(message, Ct)).Status);
        // Nothing of it is open: another program's send, shown at once.
        Assert.Equal("phone", (await number.ThreadAsync(other.Id, Ct)).Single().Sender!.Kind);
    }

    [Fact]
    public async Task An_echo_from_before_the_send_does_not_settle_it()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var message = await number.LoseReplyAsync(await number.StartAsync(Ct), "Olá", Ct);

        await EchoAsync(number, "Olá", person: 1, at: message.SentAt.AddMinutes(-1));

        Assert.Equal("unknown", (await number.ReadAsync(message, Ct)).Status);
    }

    [Fact]
    public async Task Two_of_the_same_text_stay_open_until_one_is_dismissed()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var first = await number.LoseReplyAsync(conversation, "Olá", Ct);
        await number.EndHoldAsync(first);
        var second = await number.LoseReplyAsync(conversation, "Olá", Ct);

        await EchoAsync(number, "Olá", person: 1, id: "3EB0AMBIGUOUS");

        var thread = await number.ThreadAsync(conversation.Id, Ct);
        Assert.Equal(["unknown", "unknown"], thread.Select(shown => shown.Status));

        await flowChat.DismissAsync(first, Ct);

        var sent = await number.WaitAsync(second, "sent", Ct);
        Assert.Equal("3EB0AMBIGUOUS", sent.WaId);
        Assert.Equal(2, (await number.ThreadAsync(conversation.Id, Ct)).Count);
    }

    [Fact]
    public async Task Two_echoes_of_the_same_text_settle_none()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var gate = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Lost.AnsweredAfter(gate.Task));
        var message = await number.SendAsync(conversation, "Olá", Ct);
        await number.WaitAsync(message, "sending", Ct);

        await EchoAsync(number, "Olá", person: 1);
        await EchoAsync(number, "Olá", person: 1);
        gate.SetResult();

        await number.WaitAsync(message, "unknown", Ct);
        Assert.Single(await number.ThreadAsync(conversation.Id, Ct));
        // Given up, it is one bubble and each echo another: nothing that WhatsApp told is lost.
        await flowChat.DismissAsync(message, Ct);
        Assert.Equal(
            ["failed", "sent", "sent"],
            (await number.ThreadAsync(conversation.Id, Ct)).Select(shown => shown.Status)
        );
    }

    private static TextMessage Typed(TestNumber number, string text) =>
        new(number.Fake.Number, Person.Number(1), text) { FromMe = true, SentAt = number.Now };

    /// <summary>send.message of a send that FlowChat may have made, or another program.</summary>
    private static Task<WebhookDelivery> EchoAsync(
        TestNumber number,
        string text,
        int person,
        string? id = null,
        DateTimeOffset? at = null
    ) =>
        number.Fake.PostAsync(
            new TextMessage(number.Fake.Number, Person.Number(person), text)
            {
                Event = "send.message",
                FromMe = true,
                Id = id ?? WhatsAppId.New(),
                SentAt = at ?? number.Now,
            }.ToEnvelope()
        );
}
