using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Messages;

/// <summary>What a gateway says of its release is no proof, and what WhatsApp refuses under an id it may drop under the same again.</summary>
public sealed class OwnIdProofTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Until_a_gateway_has_answered_with_the_id_that_it_was_given_nothing_is_repeated()
    {
        await using var number = await ConnectAsync(Reply.Lost, Reply.Normal, Reply.Lost);
        var conversation = await number.StartAsync(Ct);

        var first = await number.SendAsync(conversation, "Primeira", Ct);
        await number.WaitAsync(first, "unknown", Ct);
        await number.EndHoldAsync(first);
        var second = await number.SendAsync(conversation, "Segunda", Ct);
        await number.WaitAsync(second, "sent", Ct);
        var third = await number.SendAsync(conversation, "Terceira", Ct);
        await number.WaitAsync(third, "sent", Ct);

        Assert.Equal(
            ["Primeira", "Segunda", "Terceira", "Terceira"],
            number.Sends.Select(send => send.Text)
        );
        Assert.Equal("unknown", (await number.ReadAsync(first, Ct)).Status);
        Assert.Equal(3, number.Gateway.Sent.All.Count);
    }

    [Fact]
    public async Task A_refusal_that_comes_before_the_answer_stays_and_the_resend_has_another_id()
    {
        var answer = new TaskCompletionSource();
        await using var number = await ConnectAsync(Reply.Normal.AnsweredAfter(answer.Task));
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        var delivered = await number.Gateway.Sent.WaitAsync(_ => true, Ct);

        await PostAsync(number, delivered.Id, "ERROR");
        await number.WaitAsync(message, "failed", Ct);
        answer.SetResult();
        await PostAsync(number, delivered.Id, "SERVER_ACK");

        Assert.Equal("failed", (await number.ReadAsync(message, Ct)).Status);
        await flowChat.ResendAsync(message, Ct);
        var sent = await number.WaitAsync(message, "sent", Ct);
        Assert.NotEqual(delivered.Id, sent.WaId);
        Assert.Matches("^3EB0[0-9A-F]{18}$", sent.WaId);
    }

    private static async Task PostAsync(TestNumber number, string id, string status) =>
        await number.Fake.PostAsync(new StatusUpdate(number.Fake.Number, id, status).ToEnvelope());

    /// <summary>A number whose gateway has said that it is 2.4, and shown nothing of it.</summary>
    private async Task<TestNumber> ConnectAsync(params Reply[] replies)
    {
        var number = await flowChat.ConnectMuteAsync(Ct, replies);
        await flowChat.UpgradeAsync(number, "2.4.0", Ct);
        return number;
    }
}
