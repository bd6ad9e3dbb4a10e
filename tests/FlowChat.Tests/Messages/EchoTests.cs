using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Messages;

/// <summary>The gateway reports what it sent: before its answer, after it, twice, or of another program.</summary>
public sealed class EchoTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<bool, int, string> Plans =>
        new MatrixTheoryData<bool, int, string>(
            [true, false],
            [1, 2],
            ["send.message", "messages.upsert", "messages.upsert send.message"]
        );

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task An_echo_doubles_no_bubble(bool beforeAnswer, int copies, string events)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var names = events.Split(' ');
        number.Gateway.Echo = new EchoPlan
        {
            BeforeAnswer = beforeAnswer,
            Copies = copies,
            Events = names,
        };
        var conversation = await number.StartAsync(Ct);

        var message = await number.SendAsync(conversation, "Olá", Ct);

        await number.WaitAsync(message, "sent", Ct);
        await number.Gateway.Webhooks.Deliveries.WaitAsync(copies * names.Length, _ => true, Ct);
        Assert.Equal(["queued", "sending", "sent"], await number.StatesAsync(message, Ct));
        var shown = Assert.Single(await number.ThreadAsync(conversation.Id, Ct));
        Assert.Equal(number.Gateway.Sent.All.Single().Id, shown.WaId);
        Assert.Equal("user", shown.Sender!.Kind);
    }

    [Fact]
    public async Task An_echo_long_after_the_answer_changes_nothing()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var late = new TaskCompletionSource();
        number.Gateway.Echo = new EchoPlan { Signal = late.Task };
        var conversation = await number.StartAsync(Ct);
        var message = await number.SendAsync(conversation, "Olá", Ct);
        await number.WaitAsync(message, "sent", Ct);
        var before = await number.LastSeqAsync(Ct);

        late.SetResult();
        await number.Gateway.Webhooks.Deliveries.WaitAsync(delivery => delivery.Accepted, Ct);

        Assert.Equal(before, await number.LastSeqAsync(Ct));
    }

    [Theory]
    [InlineData("send.message")]
    [InlineData("messages.upsert")]
    public async Task Receipts_that_overtake_the_answer_are_kept_for_it(string name)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan
        {
            Events = [name],
            BeforeAnswer = true,
            Receipts = [WhatsAppStatus.Read, WhatsAppStatus.DeliveryAck],
        };

        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        await number.WaitAsync(message, "read", Ct);
        Assert.Equal(["queued", "sending", "read"], await number.StatesAsync(message, Ct));
    }

    [Fact]
    public async Task Another_programs_send_waits_until_ours_is_settled_and_then_appears_with_its_receipts()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var answered = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Normal.AnsweredAfter(answered.Task));
        var message = await number.SendAsync(conversation, "Olá", Ct);
        await number.WaitAsync(message, "sending", Ct);
        var id = WhatsAppId.New();

        await number.Fake.PostAsync(Echo(number, "Sua fatura vence hoje", id).ToEnvelope());
        await number.Fake.PostAsync(
            new StatusUpdate(number.Fake.Number, id, WhatsAppStatus.DeliveryAck).ToEnvelope()
        );

        Assert.Single(await number.ThreadAsync(conversation.Id, Ct));
        answered.SetResult();
        await number.WaitAsync(live => live.Message?.WaId == id, Ct);
        var thread = await number.ThreadAsync(conversation.Id, Ct);
        Assert.Equal(
            [("Olá", "sent", "user"), ("Sua fatura vence hoje", "delivered", "phone")],
            thread.Select(shown => (shown.Text, shown.Status, shown.Sender!.Kind))
        );
    }

    [Fact]
    public async Task A_held_echo_comes_out_also_when_the_send_fails()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var answered = new TaskCompletionSource();
        number.Gateway.Script.Next(
            Reply.Refused(Answer.NotOnWhatsApp("5511987654321")).AnsweredAfter(answered.Task)
        );
        var message = await number.SendAsync(conversation, "Olá", Ct);
        await number.WaitAsync(message, "sending", Ct);

        // The same words, but ours was certainly not sent: this one is another program's.
        await number.Fake.PostAsync(Echo(number, "Olá", "3EB0OTHER").ToEnvelope());
        answered.SetResult();

        await number.WaitAsync(live => live.Message?.WaId == "3EB0OTHER", Ct);
        Assert.Equal(
            ["failed", "sent"],
            (await number.ThreadAsync(conversation.Id, Ct)).Select(shown => shown.Status)
        );
    }

    [Fact]
    public async Task Receipts_of_a_held_echo_that_settles_the_send_are_its_own()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan
        {
            Receipts = [WhatsAppStatus.Read],
            BeforeAnswer = true,
        };
        number.Gateway.Script.Next(Reply.Lost);

        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        var read = await number.WaitAsync(message, "read", Ct);
        Assert.Equal(number.Gateway.Sent.All.Single().Id, read.WaId);
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
    }

    [Fact]
    public async Task With_nothing_open_another_programs_send_appears_at_once()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);

        await number.Fake.PostAsync(Echo(number, "Sua fatura vence hoje", "3EB0BOT").ToEnvelope());

        var shown = Assert.Single(await number.ThreadAsync(conversation.Id, Ct));
        Assert.Equal(("out", "sent", "phone"), (shown.Direction, shown.Status, shown.Sender!.Kind));
    }

    private static TextMessage Echo(TestNumber number, string text, string id) =>
        new(number.Fake.Number, Person.Number(1), text)
        {
            Event = "send.message",
            FromMe = true,
            Id = id,
            SentAt = number.Now,
        };
}
