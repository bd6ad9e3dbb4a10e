using System.Text.Json.Nodes;
using FlowChat.Instances;
using FlowChat.Operations;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Instances;

/// <summary>What needs a person is told once, and ends with its cause.</summary>
public sealed class InstanceAlarmTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_number_that_stays_closed_raises_one_alarm_and_clears_it_when_it_opens()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ChangeStateAsync("close", statusReason: 428);
        await number.WaitForStateAsync("close", Ct);
        Assert.Empty(AlarmsOf(number));

        await AgeAsync(number);
        var raised = await number.WaitForAlarmAsync(InstanceAlarm.Closed, Ct);
        await AgeAsync(number);
        await number.Fake.ChangeStateAsync("open");

        await number.WaitForAlarmAsync(null, Ct, raised);
        Assert.Equal([InstanceAlarm.Closed], AlarmsOf(number));
    }

    [Fact]
    public async Task A_gateway_that_stays_away_makes_its_number_silent()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Gateway.StopListeningAsync();
        Check(number);
        await number.WaitForStateAsync("unreachable", Ct);

        await AgeAsync(number);
        var raised = await number.WaitForAlarmAsync(InstanceAlarm.Silent, Ct);
        await number.Gateway.ListenAsync();
        Check(number);

        await number.WaitForAlarmAsync(null, Ct, raised);
        Assert.Equal([InstanceAlarm.Silent], AlarmsOf(number));
    }

    [Fact]
    public async Task A_missing_licence_raises_one_alarm_and_the_sends_go_on_by_themselves()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        number.Gateway.Script.Always(_ => true, Reply.Refused(Answer.LicenseRequired));
        var first = await number.SendAsync(conversation, "um", Ct);
        var second = await number.SendAsync(conversation, "dois", Ct);

        var raised = await number.WaitForAlarmAsync(InstanceAlarm.LicenseRequired, Ct);
        number.Gateway.Script.Clear();
        Check(number);

        await number.WaitForAlarmAsync(null, Ct, raised);
        await number.WaitAsync(first, "sent", Ct);
        await number.WaitAsync(second, "sent", Ct);
        Assert.Equal([InstanceAlarm.LicenseRequired], AlarmsOf(number));
    }

    [Fact]
    public async Task A_number_that_goes_to_and_fro_raises_the_alarm_of_a_closed_one()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ChangeStateAsync("close", statusReason: 428);
        await number.WaitForStateAsync("close", Ct);
        await number.ExecuteAsync(
            "update instances set state_at = state_at - interval '1 hour' where id = @Id",
            new { number.Instance.Id }
        );

        await number.Fake.ChangeStateAsync("connecting");
        await number.WaitForStateAsync("connecting", Ct);
        Check(number);

        await number.WaitForAlarmAsync(InstanceAlarm.Closed, Ct);
    }

    [Fact]
    public async Task A_number_without_further_codes_raises_its_alarm_though_the_gateway_only_calls_it_closed()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ChangeStateAsync("close", statusReason: 500);
        await number.Fake.PostAsync(
            number.Fake.Number.ConnectionUpdate("refused", 500, number.Now)
        );
        await number.WaitForStateAsync("refused", Ct);
        Check(number);

        var raised = await number.WaitForAlarmAsync(InstanceAlarm.Refused, Ct);
        await number.Fake.ChangeStateAsync("open");

        await number.WaitForAlarmAsync(null, Ct, raised);
        Assert.Equal([InstanceAlarm.Refused], AlarmsOf(number));
    }

    [Fact]
    public async Task Why_a_number_was_disconnected_stays_though_the_gateway_does_not_say_it_again()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await using var other = await flowChat.ConnectAsync(Ct);
        await number.Fake.ChangeStateAsync("close", statusReason: 401);
        await number.WaitForStateAsync("close", Ct);

        Check(number);
        // One after the other: behind it, the first one's check has ended.
        flowChat.Server.Get<InstanceMonitor>().CheckNow(other.Instance.Id);
        await other.Gateway.Requests.WaitAsync(2, IsStateCheck, Ct);

        var now = await flowChat.Server.Client.GetAsync<JsonObject>(
            $"/api/instances/{number.Instance.Id}",
            Ct
        );
        Assert.Equal(
            ("close", "statusReason 401"),
            ((string?)now["state"], (string?)now["state_reason"])
        );
    }

    [Fact]
    public async Task A_number_that_its_gateway_does_not_know_any_more_raises_an_alarm()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Script.Always(IsStateCheck, Reply.Refused(Answer.InstanceMissing("loja")));
        Check(number);
        await number.WaitForStateAsync("unknown", Ct);
        Assert.Empty(AlarmsOf(number));

        await AgeAsync(number);
        var raised = await number.WaitForAlarmAsync("instance_missing", Ct);
        number.Gateway.Script.Clear();
        Check(number);

        await number.WaitForAlarmAsync(null, Ct, raised);
    }

    private static bool IsStateCheck(RecordedRequest request) =>
        request.Path.StartsWith("/instance/connectionState/", StringComparison.Ordinal);

    private void Check(TestNumber number) =>
        flowChat.Server.Get<InstanceMonitor>().CheckNow(number.Instance.Id);

    /// <summary>As if it had been in its state for an hour.</summary>
    private async Task AgeAsync(TestNumber number)
    {
        await number.ExecuteAsync(
            "update instances set state_at = state_at - interval '1 hour' where id = @Id",
            new { number.Instance.Id }
        );
        Check(number);
    }

    private IReadOnlyList<string> AlarmsOf(TestNumber number) =>
        [
            .. flowChat
                .Server.Get<Alarms>()
                .Recent.Where(alarm =>
                    alarm.Text.Contains(number.Instance.Id.ToString(), StringComparison.Ordinal)
                )
                .Select(alarm => alarm.Code),
        ];
}
