using FlowChat.Testing.Evolution.Payloads;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

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

    [Fact]
    public async Task A_groups_call_is_a_line_of_the_group()
    {
        var (line, person) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var group = Group.Suppliers with { Jid = "120363025246125775@g.us" };
        foreach (var status in (string[])["offer", "timeout"])
        {
            var call = line.Number.Call(
                person,
                "CALL2",
                status,
                TimeProvider.System.GetUtcNow(),
                group: group
            );
            Assert.Equal(new(1, 0, 0, 0), await line.PostAsync(call, Ct));
        }

        var conversation = await line.ConversationAsync(Ct);
        Assert.Equal(group.Jid, conversation.Group?.Jid);
        var shown = Assert.Single(await line.ThreadAsync(conversation, Ct));
        Assert.Equal(("call", "missed"), (shown.Type, (string?)shown.Content!["outcome"]));
    }
}
