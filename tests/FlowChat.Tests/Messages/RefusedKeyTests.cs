using System.Net.Http.Json;
using FlowChat.Operations;
using FlowChat.Testing.Evolution;

namespace FlowChat.Tests.Messages;

/// <summary>A wrong gateway key costs no message and no order: the number's sends wait until the gateway takes it.</summary>
public sealed class RefusedKeyTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_key_parks_the_number_and_a_gateway_that_takes_it_again_gets_all_in_order()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var other = await number.StartAsync(Ct, person: 2);
        number.Gateway.Script.Always(_ => true, Reply.Refused(Answer.Unauthorized));

        var first = await number.SendAsync(conversation, "um", Ct);
        var refused = await number.WaitForStateAsync("refused", Ct);
        var second = await number.SendAsync(conversation, "dois", Ct);
        var third = await number.SendAsync(other, "três", Ct);

        Assert.Equal(
            "The gateway refuses its key: HTTP 401: Unauthorized",
            (string?)refused.Data["instance"]!["state_reason"]
        );
        Assert.Single(Alarms(number), alarm => alarm.Code == "gateway_key_refused");
        number.Gateway.Script.Clear();
        await Task.WhenAll(
            number.WaitAsync(second, "sent", Ct),
            number.WaitAsync(third, "sent", Ct)
        );
        // One attempt found the key refused; it cost nothing, and no other was made.
        Assert.Equal(
            ["queued", "sending", "queued", "sending", "sent"],
            await number.StatesAsync(first, Ct)
        );
        Assert.Equal(["queued", "sending", "sent"], await number.StatesAsync(second, Ct));
        Assert.Equal(
            ["um", "dois"],
            number.Gateway.Sent.All.Where(sent => sent.Text != "três").Select(sent => sent.Text)
        );
    }

    [Fact]
    public async Task A_mended_key_lets_the_sends_go_at_once()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        await GiveKeyAsync(number, "wrong");
        var refused = await number.WaitForStateAsync("refused", Ct);
        var first = await number.SendAsync(conversation, "um", Ct);
        var second = await number.SendAsync(conversation, "dois", Ct);

        await GiveKeyAsync(number, number.Gateway.ApiKey);

        await number.WaitForStateAsync("open", Ct, after: refused.Seq);
        await number.WaitAsync(second, "sent", Ct);
        Assert.Equal(["queued", "sending", "sent"], await number.StatesAsync(first, Ct));
        Assert.Equal(["um", "dois"], number.Sends.Select(send => send.Text));
        Assert.NotEmpty(Alarms(number));
    }

    [Fact]
    public async Task What_waits_for_a_better_key_fails_after_its_time_with_the_reason()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        await GiveKeyAsync(number, "wrong");
        await number.WaitForStateAsync("refused", Ct);
        var message = await number.SendAsync(conversation, "Olá", Ct);

        await number.ExecuteAsync(
            "update jobs set expires_at = now() - interval '1 s' where id = @Id",
            new { message.Id }
        );

        var failed = await number.WaitAsync(message, "failed", Ct);
        Assert.Contains("refuses its key", failed.Error!.Text, StringComparison.Ordinal);
        Assert.Empty(number.Sends);
    }

    private IEnumerable<Alarm> Alarms(TestNumber number) =>
        flowChat
            .Server.Get<Alarms>()
            .Recent.Where(alarm =>
                alarm.Text.Contains($"{number.Instance.Id}", StringComparison.Ordinal)
            );

    private async Task GiveKeyAsync(TestNumber number, string key)
    {
        using var answer = await flowChat.Server.Client.Http.PatchAsJsonAsync(
            $"/api/instances/{number.Instance.Id}",
            new { api_key = key },
            Ct
        );
        answer.EnsureSuccessStatusCode();
    }
}
