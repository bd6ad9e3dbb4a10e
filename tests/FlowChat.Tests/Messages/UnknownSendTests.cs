using System.Net;
using FlowChat.Instances;
using FlowChat.Testing.Api;
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
        var message = await LoseReplyAsync(number, await number.StartAsync(Ct), "Olá");

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
        var message = await LoseReplyAsync(number, conversation, "Olá");
        var behind = await number.SendAsync(conversation, "Depois", Ct);
        Assert.Equal("blocked", (await number.JobAsync(behind))!.State);

        late.SetResult();

        await number.WaitAsync(behind, "sent", Ct);
        Assert.Null(await number.JobAsync(message));
    }

    [Fact]
    public async Task It_holds_its_lane_for_a_minute_and_no_longer()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var conversation = await number.StartAsync(Ct);
        var message = await LoseReplyAsync(number, conversation, "Olá");

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
        var message = await LoseReplyAsync(number, conversation, "Olá");

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
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var conversation = await number.StartAsync(Ct);
        var message = await LoseReplyAsync(number, conversation, "Olá");
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
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var conversation = await number.StartAsync(Ct);
        var other = await number.StartAsync(Ct, person: 2);
        var message = await LoseReplyAsync(number, conversation, "Olá");

        await EchoAsync(number, "Olá!", person: 1);
        await EchoAsync(number, "Olá", person: 2);

        Assert.Equal("unknown", (await number.ReadAsync(message, Ct)).Status);
        // Nothing of it is open: another program's send, shown at once.
        Assert.Equal("phone", (await number.ThreadAsync(other.Id, Ct)).Single().Sender!.Kind);
    }

    [Fact]
    public async Task An_echo_from_before_the_send_does_not_settle_it()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var message = await LoseReplyAsync(number, await number.StartAsync(Ct), "Olá");

        await EchoAsync(number, "Olá", person: 1, at: message.SentAt.AddMinutes(-1));

        Assert.Equal("unknown", (await number.ReadAsync(message, Ct)).Status);
    }

    [Fact]
    public async Task Two_of_the_same_text_stay_open_until_one_is_dismissed()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var conversation = await number.StartAsync(Ct);
        var first = await LoseReplyAsync(number, conversation, "Olá");
        await number.EndHoldAsync(first);
        var second = await LoseReplyAsync(number, conversation, "Olá");

        await EchoAsync(number, "Olá", person: 1, id: "3EB0AMBIGUOUS");

        var thread = await number.ThreadAsync(conversation.Id, Ct);
        Assert.Equal(["unknown", "unknown"], thread.Select(shown => shown.Status));

        await flowChat.DismissAsync(first, Ct);

        var sent = await number.WaitAsync(second, "sent", Ct);
        Assert.Equal("3EB0AMBIGUOUS", sent.WaId);
        Assert.Equal(2, (await number.ThreadAsync(conversation.Id, Ct)).Count);
    }

    [Fact]
    public async Task What_a_search_of_the_gateways_messages_finds_settles_it_like_an_echo()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var message = await LoseReplyAsync(number, await number.StartAsync(Ct), "Olá");
        var id = number.Gateway.Sent.All.Single().Id;
        number.Fake.Kept.Add(Typed(number, "Olá") with { Id = id });

        await SearchAsync();

        Assert.Equal(id, (await number.WaitAsync(message, "sent", Ct)).WaId);
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
    }

    [Fact]
    public async Task What_a_search_finds_of_two_of_the_same_text_is_not_shown_beside_them()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var conversation = await number.StartAsync(Ct);
        var first = await LoseReplyAsync(number, conversation, "Olá");
        await number.EndHoldAsync(first);
        var second = await LoseReplyAsync(number, conversation, "Olá");
        number.Fake.Kept.Add(Typed(number, "Olá") with { Id = "3EB0AMBIGUOUS" });

        await SearchAsync();
        await number.EndHoldAsync(second);
        await flowChat.Server.Get<FlowChat.Messages.StrandedSends>().ReleaseAsync(Ct);

        Assert.Equal(
            ["unknown", "unknown"],
            (await number.ThreadAsync(conversation.Id, Ct)).Select(shown => shown.Status)
        );
        await flowChat.DismissAsync(first, Ct);
        var sent = await number.WaitAsync(second, "sent", Ct);
        Assert.Equal("3EB0AMBIGUOUS", sent.WaId);
    }

    [Fact]
    public async Task What_a_search_finds_with_a_phones_id_was_typed_there()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var message = await LoseReplyAsync(number, await number.StartAsync(Ct), "Olá");
        number.Fake.Kept.Add(Typed(number, "Olá") with { Id = "3A0F2C51D2A9B7E4C6D8" });

        await SearchAsync();
        await number.EndHoldAsync(message);
        await flowChat.Server.Get<FlowChat.Messages.StrandedSends>().ReleaseAsync(Ct);

        Assert.Equal(
            [("unknown", "user"), ("sent", "phone")],
            (await number.ThreadAsync(message.ConversationId, Ct)).Select(shown =>
                (shown.Status, shown.Sender!.Kind)
            )
        );
    }

    [Fact]
    public async Task Two_echoes_of_the_same_text_settle_none()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
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

    [Fact]
    public async Task Resend_sends_it_once_more_and_only_when_asked()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var message = await LoseReplyAsync(number, await number.StartAsync(Ct), "Olá");

        var queued = await flowChat.ResendAsync(message, Ct);

        Assert.Equal((message.Id, "queued"), (queued.Id, queued.Status));
        await number.WaitAsync(message, "sent", Ct);
        Assert.Equal(
            ["queued", "sending", "unknown", "queued", "sending", "sent"],
            await number.StatesAsync(message, Ct)
        );
        Assert.Equal(2, number.Sends.Count);
        Assert.Null(await number.JobAsync(message));
    }

    [Fact]
    public async Task Resend_after_the_minute_finds_its_job_gone_and_makes_another()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var conversation = await number.StartAsync(Ct);
        var message = await LoseReplyAsync(number, conversation, "Olá");
        await number.EndHoldAsync(message);
        await number.WaitAsync(await number.SendAsync(conversation, "Depois", Ct), "sent", Ct);

        await flowChat.ResendAsync(message, Ct);

        await number.WaitAsync(message, "sent", Ct);
        Assert.Equal(["Olá", "Depois", "Olá"], number.Sends.Select(send => send.Text));
    }

    [Fact]
    public async Task Dismissed_it_is_failed_and_lets_its_lane_go_on()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var conversation = await number.StartAsync(Ct);
        var message = await LoseReplyAsync(number, conversation, "Olá");
        var behind = await number.SendAsync(conversation, "Depois", Ct);

        var dismissed = await flowChat.DismissAsync(message, Ct);

        Assert.Equal(("failed", "dismissed"), (dismissed.Status, dismissed.Error!.Code));
        await number.WaitAsync(behind, "sent", Ct);
        Assert.Equal(["Olá", "Depois"], number.Sends.Select(send => send.Text));
    }

    [Fact]
    public async Task Resend_and_dismiss_are_refused_in_every_other_state()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ReceiveAsync(Person.Number(1), "Oi");
        var conversation = await number.StartAsync(Ct);
        var received = (await number.ThreadAsync(conversation.Id, Ct)).Single();
        var gate = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Normal.AnsweredAfter(gate.Task));
        var sending = await number.SendAsync(conversation, "Olá", Ct);
        await number.WaitAsync(sending, "sending", Ct);
        var queued = await number.SendAsync(conversation, "Depois", Ct);

        await AssertRefusedAsync(sending, HttpStatusCode.Conflict);
        await AssertRefusedAsync(queued, HttpStatusCode.Conflict);
        await AssertRefusedAsync(received, HttpStatusCode.NotFound);
        await AssertRefusedAsync(
            received with
            {
                Id = Guid.CreateVersion7(),
            },
            HttpStatusCode.NotFound
        );
        gate.SetResult();
        await number.WaitAsync(queued, "sent", Ct);
        await AssertRefusedAsync(sending, HttpStatusCode.Conflict);
        Assert.Equal(2, number.Sends.Count);
    }

    private Task SearchAsync() => flowChat.Server.Get<HistoryFill>().RunOnceAsync(Ct);

    private async Task AssertRefusedAsync(Message message, HttpStatusCode expected)
    {
        var resend = await Assert.ThrowsAsync<HttpRequestException>(() =>
            flowChat.ResendAsync(message, Ct)
        );
        var dismiss = await Assert.ThrowsAsync<HttpRequestException>(() =>
            flowChat.DismissAsync(message, Ct)
        );
        Assert.Equal((expected, expected), (resend.StatusCode, dismiss.StatusCode));
    }

    private static async Task<Message> LoseReplyAsync(
        TestNumber number,
        Conversation conversation,
        string text
    )
    {
        number.Gateway.Script.Next(Reply.Lost);
        var message = await number.SendAsync(conversation, text, Ct);
        return await number.WaitAsync(message, "unknown", Ct);
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
