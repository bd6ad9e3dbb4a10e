using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution;

namespace FlowChat.Tests.Messages;

public sealed class SendOrderTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_slow_first_message_holds_the_ones_behind_it()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var slow = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Normal.After(slow.Task));

        await number.SendAsync(conversation, "um", Ct);
        await number.SendAsync(conversation, "dois", Ct);
        var last = await number.SendAsync(conversation, "três", Ct);
        await number.Gateway.WaitForSendAsync(_ => true, Ct);
        Assert.Equal("blocked", (await number.JobAsync(last))!.State);
        slow.SetResult();

        await number.WaitAsync(last, "sent", Ct);
        Assert.Equal(["um", "dois", "três"], number.Gateway.Sent.All.Select(sent => sent.Text));
        Assert.Equal(
            ["um", "dois", "três"],
            (await number.ThreadAsync(conversation.Id, Ct)).Select(message => message.Text)
        );
    }

    [Fact]
    public async Task A_first_message_that_is_tried_again_keeps_its_place()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        number.Gateway.Script.Next(Reply.Refused(Answer.Error(429, new JsonArray("Slow down"))));

        await number.SendAsync(conversation, "um", Ct);
        var second = await number.SendAsync(conversation, "dois", Ct);

        await number.WaitAsync(second, "sent", Ct);
        Assert.Equal(["um", "um", "dois"], number.Sends.Select(send => send.Text));
        Assert.Equal(["um", "dois"], number.Gateway.Sent.All.Select(sent => sent.Text));
    }

    [Fact]
    public async Task A_first_message_that_fails_lets_the_next_one_go()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        number.Gateway.Script.Next(Reply.Refused(Answer.NotOnWhatsApp("5511987654321")));

        var first = await number.SendAsync(conversation, "um", Ct);
        var second = await number.SendAsync(conversation, "dois", Ct);

        await number.WaitAsync(second, "sent", Ct);
        Assert.Equal("failed", (await number.ReadAsync(first, Ct)).Status);
    }

    [Fact]
    public async Task A_number_gets_one_call_at_a_time_and_holds_no_other_number()
    {
        await using var busy = await flowChat.ConnectAsync(Ct);
        await using var other = await flowChat.ConnectAsync(Ct);
        var answered = new TaskCompletionSource();
        busy.Gateway.Script.Next(Reply.Normal.AnsweredAfter(answered.Task));
        // More than all handlers of all workers together.
        var people = Enumerable.Range(1, 60).ToList();
        var waiting = await Task.WhenAll(
            people.Select(async person =>
                await busy.SendAsync(await busy.StartAsync(Ct, person), $"{person}", Ct)
            )
        );

        var quick = await other.SendAsync(await other.StartAsync(Ct), "Olá", Ct);
        await other.WaitAsync(quick, "sent", Ct);

        Assert.Single(busy.Sends);
        answered.SetResult();
        await Task.WhenAll(waiting.Select(message => busy.WaitAsync(message, "sent", Ct)));
        Assert.Equal(
            people.Select(person => $"{person}").Order(),
            busy.Sends.Select(send => send.Text!).Order()
        );
    }
}
