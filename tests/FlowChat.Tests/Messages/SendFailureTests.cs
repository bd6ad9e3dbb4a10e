using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution;

namespace FlowChat.Tests.Messages;

public sealed class SendFailureTests(SendFailureTests.Impatient flowChat)
    : IClassFixture<SendFailureTests.Impatient>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_400_that_proves_nothing_leaves_the_outcome_unknown()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        number.Gateway.Script.Next(Reply.FailedAfterSend("insert failed"));

        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        await number.WaitAsync(message, "unknown", Ct);
        Assert.Equal(["queued", "sending", "unknown"], await number.StatesAsync(message, Ct));
        Assert.Single(number.Gateway.Sent.All);
    }

    [Theory]
    [InlineData(404, "instance_missing")]
    [InlineData(503, "gateway_error")]
    public async Task What_was_certainly_not_sent_is_tried_again_and_then_fails_with_the_reason(
        int status,
        string code
    )
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Script.Always(
            Reply.Refused(Answer.Error(status, new JsonArray("As the gateway says")))
        );

        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        var failed = await number.WaitAsync(message, "failed", Ct);
        Assert.Equal(
            (code, $"HTTP {status}: As the gateway says"),
            (failed.Error!.Code, failed.Error.Text)
        );
        Assert.Equal(Impatient.Attempts, number.Sends.Count);
        Assert.Equal(
            ["queued", "sending", "queued", "sending", "failed"],
            await number.StatesAsync(message, Ct)
        );
        var dead = await number.JobAsync(message);
        Assert.Equal(("dead", Impatient.Attempts), (dead!.State, dead.Attempt));
        Assert.Contains($"HTTP {status}: As the gateway says", dead.Reason);
    }

    [Fact]
    public async Task A_failed_message_is_sent_again_when_an_agent_asks_for_it()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Script.Always(Reply.Refused(Answer.Error(503, new JsonArray("Busy"))));
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitAsync(message, "failed", Ct);
        number.Gateway.Script.Clear();

        var queued = await flowChat.ResendAsync(message, Ct);

        Assert.Equal(("queued", null), (queued.Status, queued.Error));
        var sent = await number.WaitAsync(message, "sent", Ct);
        Assert.Equal(message.Id, sent.Id);
        Assert.Single(number.Gateway.Sent.All);
        Assert.Null(await number.JobAsync(message));
    }

    /// <summary>Two attempts.</summary>
    public sealed class Impatient(SharedPostgres postgres)
        : SendingFlowChat(
            postgres,
            new Dictionary<string, string?> { ["CHAT_STREAM_MAX_RETRIES"] = $"{Attempts}" }
        )
    {
        public const int Attempts = 2;
    }
}
