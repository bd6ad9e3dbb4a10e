using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;

namespace FlowChat.Tests.Messages;

/// <summary>The process that sends is killed or frozen between the gateway's effect and its answer.</summary>
public sealed class KilledWorkerTests(SendingFlowChat.WithoutWorkers inbox)
    : IClassFixture<SendingFlowChat.WithoutWorkers>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_it_leaves_the_outcome_unknown_until_the_echo_and_sends_nothing_twice()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var (never, late) = (new TaskCompletionSource(), new TaskCompletionSource());
        number.Gateway.Script.Next(Reply.Normal.AnsweredAfter(never.Task));
        number.Gateway.Echo = new EchoPlan { Signal = late.Task };
        await using var sender = await inbox.StartSenderAsync(Ct);
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.Gateway.Sent.WaitAsync(_ => true, Ct);

        await sender.KillAsync(Ct);
        await ExpireLeaseAsync(number, message);
        await sender.StartAgainAsync(Ct);

        await number.WaitAsync(message, "unknown", Ct);
        late.SetResult();
        var settled = await number.WaitAsync(message, "sent", Ct);
        var sent = Assert.Single(number.Gateway.Sent.All);
        Assert.Equal(sent.Id, settled.WaId);
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
        Assert.Equal(
            ["queued", "sending", "unknown", "sent"],
            await number.StatesAsync(message, Ct)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Killed_on_a_gateway_that_takes_ids_it_is_repeated_and_delivered_once(
        bool hasArrived
    )
    {
        await using var number = await inbox.ConnectAsync(Ct);
        number.Gateway.Version = "2.4.0";
        await number.ExecuteAsync(
            "update instances set gateway_version = '2.4.0', heeds_ids = true where id = @Id",
            new { number.Instance.Id }
        );
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var never = new TaskCompletionSource();
        number.Gateway.Script.Next(
            hasArrived ? Reply.Normal.AnsweredAfter(never.Task) : Reply.Normal.After(never.Task)
        );
        await using var sender = await inbox.StartSenderAsync(Ct);
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.Gateway.WaitForSendAsync(_ => true, Ct);
        Assert.Equal("sending", (await number.ReadAsync(message, Ct)).Status);

        await sender.KillAsync(Ct);
        await ExpireLeaseAsync(number, message);
        await sender.StartAgainAsync(Ct);

        var settled = await number.WaitAsync(message, "sent", Ct);
        Assert.Equal(settled.WaId, Assert.Single(number.Gateway.Sent.All).Id);
        Assert.Equal(2, number.Sends.Count);
        Assert.All(
            number.Sends,
            send => Assert.Equal(settled.WaId, (string?)send.Body!["messageId"])
        );
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
    }

    [Fact]
    public async Task Frozen_past_its_lease_it_sends_nothing_twice_when_it_wakes_up()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var answered = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Normal.AnsweredAfter(answered.Task));
        await using var frozen = await inbox.StartSenderAsync(Ct);
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.Gateway.Sent.WaitAsync(_ => true, Ct);

        await frozen.Process.SignalAsync("STOP", Ct);
        await ExpireLeaseAsync(number, message);
        await using var other = await inbox.StartSenderAsync(Ct);
        await number.WaitAsync(message, "unknown", Ct);
        answered.SetResult();
        await frozen.Process.SignalAsync("CONT", Ct);

        var settled = await number.WaitAsync(message, "sent", Ct);
        var sent = Assert.Single(number.Gateway.Sent.All);
        Assert.Equal(sent.Id, settled.WaId);
        Assert.Single(number.Sends);
    }

    private static Task ExpireLeaseAsync(TestNumber number, Message message) =>
        number.ExecuteAsync(
            "update jobs set lease_until = now() - interval '1 s' where id = @Id and state = 'leased'",
            new { message.Id }
        );
}
