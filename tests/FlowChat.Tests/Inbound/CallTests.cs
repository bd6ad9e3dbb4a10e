using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Inbound;

/// <summary>A call is one line of its thread, and says what came of it.</summary>
public sealed class CallTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("missed", "offer", "terminate")]
    [InlineData("missed", "offer", "ringing", "timeout")]
    [InlineData("rejected", "offer", "reject", "terminate")]
    [InlineData("accepted", "offer", "accept", "terminate")]
    public async Task A_call_ends_the_same_way_whatever_order_its_events_come_in(
        string outcome,
        params string[] statuses
    )
    {
        foreach (var order in new[] { statuses, [.. statuses.Reverse(), .. statuses] })
        {
            var line = await flowChat.ConnectAsync(Ct);
            var person = flowChat.NewPerson();
            foreach (var status in order)
            {
                await line.PostAsync(
                    line.Number.Call(
                        person,
                        "CALL1",
                        status,
                        TimeProvider.System.GetUtcNow(),
                        isVideo: true
                    ),
                    Ct
                );
            }

            var call = Assert.Single(await line.ThreadAsync(Ct));

            Assert.Equal(
                ("call", "in", outcome, true),
                (
                    call.Type,
                    call.Direction,
                    (string?)call.Content!["outcome"],
                    (bool)call.Content["is_video"]!
                )
            );
            Assert.Equal(1, (await line.ConversationAsync(Ct)).UnreadCount);
        }
    }
}
