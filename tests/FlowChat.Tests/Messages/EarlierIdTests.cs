using FlowChat.Instances;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Messages;

/// <summary>WhatsApp refused a message, and an agent sent it again: what still comes of the first attempt is told already.</summary>
public sealed class EarlierIdTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2.3.7")]
    [InlineData("2.4.0")]
    public async Task What_the_history_has_of_the_refused_attempt_is_no_second_bubble(
        string release
    )
    {
        await using var number = await flowChat.ConnectMuteReleaseAsync(release, Ct);
        var (message, refused) = await FailAsync(number);
        var resent = await ResendAsync(number, message);
        KeepRefused(number, refused);

        await FillAsync(number);

        var shown = Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
        Assert.Equal(("sent", "user"), (shown.Status, shown.Sender!.Kind));
        Assert.Equal(resent.WaId, shown.WaId);
        Assert.NotEqual(refused, shown.WaId);
    }

    [Theory]
    [InlineData("send.message")]
    [InlineData("messages.upsert")]
    public async Task A_late_echo_of_the_refused_attempt_is_no_second_bubble(string name)
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var (message, refused) = await FailAsync(number);
        await ResendAsync(number, message);
        var before = await number.LastSeqAsync(Ct);

        await number.Fake.PostAsync((Told(number, refused) with { Event = name }).ToEnvelope());
        await PostAsync(number, refused, WhatsAppStatus.Error);
        await PostAsync(number, refused, WhatsAppStatus.ServerAck);

        Assert.Equal(before, await number.LastSeqAsync(Ct));
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
    }

    [Theory]
    [InlineData("2.3.7")]
    [InlineData("2.4.0")]
    public async Task An_echo_of_the_refused_attempt_during_the_next_call_is_not_held_for_later(
        string release
    )
    {
        await using var number = await flowChat.ConnectMuteReleaseAsync(release, Ct);
        var (message, refused) = await FailAsync(number);
        var answered = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Normal.AnsweredAfter(answered.Task));
        var before = await number.LastSeqAsync(Ct);
        await flowChat.ResendAsync(message, Ct);
        await WaitAsync(number, message, "sending", before);

        await number.Fake.PostAsync(
            (Told(number, refused) with { Event = "send.message" }).ToEnvelope()
        );
        answered.SetResult();

        await WaitAsync(number, message, "sent", before);
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
    }

    [Fact]
    public async Task Beside_the_refused_attempt_the_only_find_still_settles_a_send_in_doubt()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var (message, refused) = await FailAsync(number);
        await ResendAsync(number, message);
        var conversation = await number.StartAsync(Ct);
        var lost = await number.LoseReplyAsync(conversation, "Olá", Ct);
        number.Fake.Kept.Add(Told(number, number.Gateway.Sent.All[^1].Id));
        // Read behind it.
        KeepRefused(number, refused, later: TimeSpan.FromSeconds(2));

        await FillAsync(number);

        await number.WaitAsync(lost, "sent", Ct);
        Assert.Equal(2, (await number.ThreadAsync(message.ConversationId, Ct)).Count);
    }

    [Fact]
    public async Task A_refusal_told_again_while_the_resend_waits_for_its_number_lets_it_leave()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var (message, refused) = await FailAsync(number);
        await CloseAsync(number);
        await flowChat.ResendAsync(message, Ct);
        KeepRefused(number, refused);
        var before = await number.LastSeqAsync(Ct);

        await PostAsync(number, refused, WhatsAppStatus.Error);
        await FillAsync(number);

        Assert.Equal("queued", (await number.ReadAsync(message, Ct)).Status);
        await number.Fake.ChangeStateAsync("open");
        var sent = await WaitAsync(number, message, "sent", before);
        Assert.NotEqual(refused, sent.WaId);
        Assert.Equal(2, number.Sends.Count);
    }

    [Fact]
    public async Task A_refusal_told_again_during_the_call_hides_nothing_of_it()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var (message, refused) = await FailAsync(number);
        var answered = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Normal.AnsweredAfter(answered.Task));
        var before = await number.LastSeqAsync(Ct);
        await flowChat.ResendAsync(message, Ct);
        await WaitAsync(number, message, "sending", before);

        await PostAsync(number, refused, WhatsAppStatus.Error);
        answered.SetResult();

        var sent = await WaitAsync(number, message, "sent", before);
        Assert.Equal(number.Gateway.Sent.All[^1].Id, sent.WaId);
        // Of this attempt it is the first word.
        await PostAsync(number, sent.WaId!, WhatsAppStatus.Error);
        Assert.Equal("failed", (await number.ReadAsync(message, Ct)).Status);
    }

    [Fact]
    public async Task A_refusal_told_again_leaves_a_resend_in_doubt_as_it_is()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var (message, refused) = await FailAsync(number);
        number.Gateway.Script.Next(Reply.Lost);
        var before = await number.LastSeqAsync(Ct);
        await flowChat.ResendAsync(message, Ct);
        await WaitAsync(number, message, "unknown", before);

        await PostAsync(number, refused, WhatsAppStatus.Error);
        await PostAsync(number, refused, WhatsAppStatus.ServerAck);

        Assert.Equal("unknown", (await number.ReadAsync(message, Ct)).Status);
        var id = number.Gateway.Sent.All[^1].Id;
        await number.Fake.PostAsync(
            (Told(number, id) with { Event = "send.message" }).ToEnvelope()
        );
        Assert.Equal(id, (await WaitAsync(number, message, "sent", before)).WaId);
    }

    [Fact]
    public async Task What_turns_out_refused_while_its_resend_waits_leaves_under_another_id()
    {
        await using var number = await flowChat.ConnectMuteReleaseAsync("2.4.0", Ct, Reply.Lost);
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitAsync(message, "unknown", Ct);
        await CloseAsync(number);
        await flowChat.ResendAsync(message, Ct);
        var refused = number.Gateway.Sent.All.Single().Id;
        var before = await number.LastSeqAsync(Ct);

        await PostAsync(number, refused, WhatsAppStatus.Error);

        Assert.Equal("queued", (await number.ReadAsync(message, Ct)).Status);
        await number.Fake.ChangeStateAsync("open");
        var sent = await WaitAsync(number, message, "sent", before);
        Assert.NotEqual(refused, sent.WaId);
        Assert.Equal(2, number.Gateway.Sent.All.Count);
    }

    /// <summary>Sent, and then refused by WhatsApp.</summary>
    private static async Task<(Message Message, string WaId)> FailAsync(TestNumber number)
    {
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        var sent = await number.WaitAsync(message, "sent", Ct);
        await PostAsync(number, sent.WaId!, WhatsAppStatus.Error);
        await number.WaitAsync(message, "failed", Ct);
        return (message, sent.WaId!);
    }

    private async Task<Message> ResendAsync(TestNumber number, Message message)
    {
        var before = await number.LastSeqAsync(Ct);
        await flowChat.ResendAsync(message, Ct);
        return await WaitAsync(number, message, "sent", before);
    }

    private static async Task CloseAsync(TestNumber number)
    {
        await number.Fake.ChangeStateAsync("close", statusReason: 428);
        await number.WaitForStateAsync("close", Ct);
    }

    private static async Task<Message> WaitAsync(
        TestNumber number,
        Message message,
        string status,
        long after
    ) =>
        (
            await number.WaitAsync(
                live => live.Message is { } now && now.Id == message.Id && now.Status == status,
                Ct,
                after
            )
        ).Message!;

    /// <summary>As if ten minutes had passed.</summary>
    private async Task FillAsync(TestNumber number)
    {
        await number.ExecuteAsync(
            "update instances set filled_at = filled_at - interval '10 minutes' where id = @Id",
            new { number.Instance.Id }
        );
        await flowChat.Server.Get<HistoryFill>().RunOnceAsync(Ct);
    }

    private static void KeepRefused(TestNumber number, string id, TimeSpan later = default)
    {
        number.Fake.Kept.Add(Told(number, id) with { SentAt = number.Now + later });
        number.Fake.Statuses[id] = [WhatsAppStatus.Error];
    }

    private static async Task PostAsync(TestNumber number, string id, string status) =>
        await number.Fake.PostAsync(new StatusUpdate(number.Fake.Number, id, status).ToEnvelope());

    private static TextMessage Told(TestNumber number, string id) =>
        new(number.Fake.Number, Person.Number(1), "Olá")
        {
            FromMe = true,
            Id = id,
            SentAt = number.Now,
        };
}
