using FlowChat.Groups;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using static FlowChat.Tests.Groups.GroupTalk;

namespace FlowChat.Tests.Groups;

/// <summary>A group that is asked for while its number's session, or the gateway's key, is no good.</summary>
public sealed class GroupSessionTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(503)]
    public async Task A_session_that_is_lost_meanwhile_costs_no_attempt(int status)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var answer = status switch
        {
            400 => Answer.ConnectionClosed,
            401 => Answer.Unauthorized,
            _ => Answer.LicenseRequired,
        };
        number.Gateway.Script.Always(IsFetch, Reply.Refused(answer));
        var looks = number.Gateway.Requests.All.Count(IsLook);

        await SpeakAsync(number, NewGroup(), NewPerson());

        await number.Gateway.Requests.WaitAsync(IsFetch, Ct);
        await WaitUntilParkedAsync(number);
        await number.Gateway.Requests.WaitAsync(looks + 1, IsLook, Ct);
    }

    [Fact]
    public async Task A_group_that_nobody_knows_waits_when_its_number_is_not_connected()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (group, ana) = (NewGroup(), NewPerson());
        number.Fake.Groups[group.Jid] = group.Metadata("Vizinhos", Now, (ana, "superadmin"));
        var webhook = number.Fake.Webhook;
        number.Fake.Webhook = null;
        // Nothing is told of it.
        await number.Fake.ChangeStateAsync("close");
        number.Fake.Webhook = webhook;

        await SpeakAsync(number, group, ana);
        await WaitUntilParkedAsync(number);
        await number.Fake.ChangeStateAsync("open");

        await WaitForNameAsync(number, group, "Vizinhos");
    }

    private static bool IsLook(RecordedRequest request) =>
        request.Path.StartsWith("/instance/connectionState/", StringComparison.Ordinal);

    private static async Task WaitUntilParkedAsync(TestNumber number) =>
        await number.WaitForJobAsync(
            GroupInfoJob.Queue,
            job => job is { Token: null, State: "available", Attempt: 0, Reason: not null },
            Ct
        );
}
