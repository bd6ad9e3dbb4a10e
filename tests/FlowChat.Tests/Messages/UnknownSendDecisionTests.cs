using System.Net;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Messages;

/// <summary>"May have been sent": what an agent decides of it.</summary>
public sealed class UnknownSendDecisionTests(SendingFlowChat flowChat)
    : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resend_sends_it_once_more_and_only_when_asked()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var message = await number.LoseReplyAsync(await number.StartAsync(Ct), "Olá", Ct);

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
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var message = await number.LoseReplyAsync(conversation, "Olá", Ct);
        await number.EndHoldAsync(message);
        await number.WaitAsync(await number.SendAsync(conversation, "Depois", Ct), "sent", Ct);

        await flowChat.ResendAsync(message, Ct);

        await number.WaitAsync(message, "sent", Ct);
        Assert.Equal(["Olá", "Depois", "Olá"], number.Sends.Select(send => send.Text));
    }

    [Fact]
    public async Task Dismissed_it_is_failed_and_lets_its_lane_go_on()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var message = await number.LoseReplyAsync(conversation, "Olá", Ct);
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
}
