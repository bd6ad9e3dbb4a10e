using FlowChat.Gateways;
using FlowChat.Testing.Evolution;

namespace FlowChat.Tests.Messages;

/// <summary>Which releases of a gateway take the id of a message, and what becomes of a send when that changes.</summary>
public sealed class OwnIdReleaseTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2.4.0", true)]
    [InlineData("2.4.0-rc2", true)]
    [InlineData("v2.10", true)]
    [InlineData("2.3.7", false)]
    [InlineData("latest", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void From_two_four_on_ids_are_taken(string? version, bool taken) =>
        Assert.Equal(taken, OwnMessageId.IsTakenBy(version));

    [Fact]
    public async Task What_was_tried_without_an_id_is_never_repeated_by_itself()
    {
        await using var number = await flowChat.ConnectMuteReleaseAsync("2.3.7", Ct, Reply.Lost);
        var conversation = await number.StartAsync(Ct);
        var message = await number.SendAsync(conversation, "Olá", Ct);
        await number.WaitAsync(message, "unknown", Ct);
        Assert.Null(number.Sends.Single().Body!["messageId"]);

        await flowChat.UpgradeAsync(number, "2.4.0", Ct);
        await number.EndHoldAsync(message);
        var next = await number.SendAsync(conversation, "Depois", Ct);

        await number.WaitAsync(next, "sent", Ct);
        Assert.Equal("unknown", (await number.ReadAsync(message, Ct)).Status);
        Assert.Equal(["Olá", "Depois"], number.Sends.Select(send => send.Text));
        Assert.NotNull(number.Sends[1].Body!["messageId"]);
    }

    [Fact]
    public async Task A_gateway_that_became_older_meanwhile_gets_no_repeat()
    {
        await using var number = await flowChat.ConnectMuteReleaseAsync("2.4.0", Ct, Reply.Lost);
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitForSendsAsync(1, Ct);
        number.Gateway.Version = "2.3.7";

        await number.WaitAsync(
            live =>
                live.Message is { Status: "unknown", Error: null } now
                && now.Id == message.Id
                && number.Sends.Count == 1
                && live.Message.Version > 4,
            Ct
        );
        await number.EndHoldAsync(message);
        await number.WaitForJobAsync(message, job => job is null, Ct);

        Assert.Equal("unknown", (await number.ReadAsync(message, Ct)).Status);
        Assert.Single(number.Sends);
    }

    [Fact]
    public async Task One_that_ignores_the_id_is_given_none_again()
    {
        await using var number = await flowChat.ConnectReleaseAsync("2.4.0", Ct);
        number.Gateway.Version = "2.3.7";
        var conversation = await number.StartAsync(Ct);

        var first = await number.SendAsync(conversation, "Olá", Ct);
        var sent = await number.WaitAsync(first, "sent", Ct);
        var second = await number.SendAsync(conversation, "Depois", Ct);
        await number.WaitAsync(second, "sent", Ct);

        Assert.Equal(number.Gateway.Sent.All[0].Id, sent.WaId);
        Assert.NotNull(number.Sends[0].Body!["messageId"]);
        Assert.Null(number.Sends[1].Body!["messageId"]);
        Assert.Equal(2, (await number.ThreadAsync(conversation.Id, Ct)).Count);
    }

    [Fact]
    public async Task A_release_that_is_not_told_takes_none()
    {
        await using var number = await flowChat.ConnectReleaseAsync(null, Ct);

        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        await number.WaitAsync(message, "sent", Ct);
        Assert.Null(number.Sends.Single().Body!["messageId"]);
    }
}
