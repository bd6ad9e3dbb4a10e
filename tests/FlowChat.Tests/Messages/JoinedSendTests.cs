using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.Contacts;

namespace FlowChat.Tests.Messages;

/// <summary>Sends that are open while their conversations become one.</summary>
public sealed class JoinedSendTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_being_sent_ends_and_what_waits_goes_out_once_in_order()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var ana = new SplitPerson(flowChat.Server, number);
        await ana.WriteAsync("from the phone", AddressForm.Phone);
        await ana.WriteAsync("from the LID", AddressForm.LidOnly);
        var split = await ana.ConversationsAsync(Ct);
        var answered = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Normal.AnsweredAfter(answered.Task));
        // The one that is being sent belongs to the conversation that goes.
        var running = await number.SendAsync(split[1], "1", Ct);
        await number.WaitAsync(running, "sending", Ct);
        await number.SendAsync(split[0], "2", Ct);
        await number.SendAsync(split[1], "3", Ct);
        var last = await number.SendAsync(split[0], "4", Ct);

        await ana.MeetAsync("both", second: 1);
        var later = await number.SendAsync(split[1], "5", Ct);
        Assert.Equal(
            "blocked,blocked",
            $"{(await number.JobAsync(last))!.State},{(await number.JobAsync(later))!.State}"
        );
        answered.SetResult();

        await number.WaitAsync(later, "sent", Ct);
        Assert.Equal(["1", "2", "3", "4", "5"], number.Sends.Select(send => send.Text));
        var joined = await ana.ConversationAsync(Ct);
        Assert.Equal(
            ["from the phone", "from the LID", "both", "1", "2", "3", "4", "5"],
            await ana.TextsAsync(joined.Id, Ct)
        );
        Assert.Null(await number.JobAsync(running));
    }

    [Fact]
    public async Task One_whose_outcome_is_unknown_holds_those_of_both_until_its_echo()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var ana = new SplitPerson(flowChat.Server, number);
        await ana.WriteAsync("from the phone", AddressForm.Phone);
        await ana.WriteAsync("from the LID", AddressForm.LidOnly);
        var split = await ana.ConversationsAsync(Ct);
        number.Gateway.Script.Next(Reply.Lost);
        var unknown = await number.SendAsync(split[1], "maybe", Ct);
        await number.WaitAsync(unknown, "unknown", Ct);

        await ana.MeetAsync("both", second: 1);
        var behind = await number.SendAsync(split[0], "behind", Ct);
        Assert.Equal("blocked", (await number.JobAsync(behind))!.State);
        // The echo names the other address.
        var echo = ana.Message("maybe", AddressForm.Phone, typed: true) with
        {
            Event = "send.message",
            SentAt = number.Now,
        };
        await number.Fake.PostAsync(echo.ToEnvelope());

        Assert.Equal(echo.Id, (await number.WaitAsync(unknown, "sent", Ct)).WaId);
        await number.WaitAsync(behind, "sent", Ct);
        Assert.Equal(["maybe", "behind"], number.Sends.Select(send => send.Text));
    }

    [Fact]
    public async Task An_echo_that_is_held_goes_along()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var ana = new SplitPerson(flowChat.Server, number);
        await ana.WriteAsync("from the phone", AddressForm.Phone);
        await ana.WriteAsync("from the LID", AddressForm.LidOnly);
        var split = await ana.ConversationsAsync(Ct);
        var answered = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Normal.AnsweredAfter(answered.Task));
        var running = await number.SendAsync(split[1], "mine", Ct);
        await number.WaitAsync(running, "sending", Ct);
        var echo = ana.Message("another program's", AddressForm.LidOnly, typed: true) with
        {
            Event = "send.message",
            SentAt = number.Now,
        };
        await number.Fake.PostAsync(echo.ToEnvelope());
        Assert.Equal(["from the LID", "mine"], await ana.TextsAsync(split[1].Id, Ct));

        await ana.MeetAsync("both", second: 1);
        answered.SetResult();

        await number.WaitAsync(running, "sent", Ct);
        Assert.Contains("another program's", await ana.TextsAsync(split[0].Id, Ct));
    }
}
