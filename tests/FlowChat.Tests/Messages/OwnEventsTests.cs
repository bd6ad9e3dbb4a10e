using FlowChat.Gateways;
using FlowChat.Messages;
using FlowChat.Storage;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using Message = FlowChat.Testing.Api.Message;

namespace FlowChat.Tests.Messages;

/// <summary>A gateway that tells its own sends like what was typed on the phone: messages.upsert with their ids.</summary>
public sealed class OwnEventsTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("messages.upsert send.message", false)]
    [InlineData("messages.upsert send.message", true)]
    [InlineData("send.message messages.upsert", false)]
    [InlineData("send.message messages.upsert", true)]
    public async Task Told_in_both_ways_an_unknown_send_is_one_bubble(
        string events,
        bool beforeLoss
    )
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var unknown = new TaskCompletionSource();
        number.Gateway.Echo = new EchoPlan
        {
            Events = events.Split(' '),
            Signal = beforeLoss ? Task.CompletedTask : unknown.Task,
            BeforeAnswer = beforeLoss,
            Receipts = [WhatsAppStatus.DeliveryAck],
        };
        number.Gateway.Script.Next(Reply.Lost);

        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        await number.WaitAsync(message, beforeLoss ? "delivered" : "unknown", Ct);
        unknown.SetResult();
        var delivered = await number.WaitAsync(message, "delivered", Ct);
        Assert.Equal(number.Gateway.Sent.All.Single().Id, delivered.WaId);
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
    }

    [Fact]
    public async Task Its_answer_that_comes_after_another_worker_gave_up_finds_the_one_bubble()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var message = await number.LoseReplyAsync(await number.StartAsync(Ct), "Olá", Ct);
        var id = number.Gateway.Sent.All.Single().Id;
        await PostAsync(number, id);
        await number.Fake.PostAsync(
            new StatusUpdate(number.Fake.Number, id, WhatsAppStatus.Read).ToEnvelope()
        );

        await AnswerLateAsync(number, message, id);

        var shown = Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
        Assert.Equal((message.Id, id, "read"), (shown.Id, shown.WaId, shown.Status));
    }

    [Fact]
    public async Task After_a_minute_it_is_a_message_of_its_own_and_a_late_answer_fails_nothing()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var message = await number.LoseReplyAsync(await number.StartAsync(Ct), "Olá", Ct);
        var id = number.Gateway.Sent.All.Single().Id;
        await PostAsync(number, id);
        await number.Fake.PostAsync(
            new StatusUpdate(number.Fake.Number, id, WhatsAppStatus.Read).ToEnvelope()
        );
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));

        await number.EndHoldAsync(message);
        await number.WaitAsync(live => live.Message?.WaId == id, Ct);
        Assert.Equal("unknown", (await number.ReadAsync(message, Ct)).Status);
        await AnswerLateAsync(number, message, id);

        Assert.Equal(
            [("user", "read", null), ("phone", "read", id)],
            (await number.ThreadAsync(message.ConversationId, Ct)).Select(shown =>
                (shown.Sender!.Kind, shown.Status, shown.WaId)
            )
        );
    }

    private static Task<WebhookDelivery> PostAsync(TestNumber number, string id) =>
        number.Fake.PostAsync(
            new TextMessage(number.Fake.Number, Person.Number(1), "Olá")
            {
                FromMe = true,
                Id = id,
                SentAt = number.Now,
            }.ToEnvelope()
        );

    private Task<bool> AnswerLateAsync(TestNumber number, Message message, string id) =>
        flowChat
            .Server.Get<TenantWriter>()
            .WriteAsync(
                flowChat.TenantId,
                new FinishSend(
                    message.Id,
                    new SendResult.Sent(number.Instance.Id, id),
                    lease: null,
                    lastAttempt: false,
                    expired: false
                ),
                Ct
            );
}
