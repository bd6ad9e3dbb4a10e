using System.Text.Json;
using FlowChat.Messages;
using FlowChat.Messages.Content;

namespace FlowChat.Tests.Messages;

public sealed class MessageChangesTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);
    private static readonly MessageSender Ana = new(
        SenderKind.Contact,
        Guid.CreateVersion7(),
        "Ana"
    );
    private static readonly MessageSender Bia = new(
        SenderKind.Contact,
        Guid.CreateVersion7(),
        "Bia"
    );
    private static readonly MessageSender Me = new(SenderKind.Phone, null, null);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_order_and_any_repetition_end_alike(int seed)
    {
        var random = new Random(seed);
        Func<Message, bool>[] changes =
        [
            m => m.React(new("👍", Ana, At(1))),
            m => m.React(new("", Ana, At(3))),
            m => m.React(new("❤️", Bia, At(2))),
            m => m.React(new("😂", Bia, At(2))),
            m => m.React(new("🙏", Me, At(4))),
            m => m.Edit("second", At(1)),
            m => m.Edit("third", At(2)),
            m => m.Edit("fourth", At(5)),
            m => m.Vote(new(["tea"], Ana, At(1))),
            m => m.Vote(new([], Ana, At(4))),
            m => m.Vote(new(["tea", "water"], Bia, At(2))),
        ];
        var inOrder = Poll();
        foreach (var change in changes)
            change(inOrder);

        var anyhow = Poll();
        var told = changes.Concat(changes.Where(_ => random.Next(2) == 0)).ToArray();
        random.Shuffle(told);
        foreach (var change in told)
            change(anyhow);

        Assert.Equal(Shown(inOrder), Shown(anyhow));
        Assert.All(changes, change => Assert.False(change(anyhow)));
    }

    [Fact]
    public void What_a_message_said_before_stays_readable()
    {
        var message = Poll();

        message.Edit("third", At(2));
        message.Edit("second", At(1));

        Assert.Equal("third", message.Text);
        Assert.Equal(At(2), message.EditedAt);
        Assert.Equal([new("first", At(1)), new("second", At(2))], message.Edits);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void An_edit_that_is_told_with_two_times_stands_once(int first, int second)
    {
        var message = Poll();

        message.Edit("second", At(first));
        message.Edit("second", At(second));

        var view = message.ToView();
        Assert.Equal(("second", At(1)), (view.Text, view.EditedAt));
        Assert.Equal([new("first", At(1))], view.Edits);

        // One that came between the two makes both count.
        message.Edit("between", At(1).AddMilliseconds(1));
        Assert.Equal(3, message.ToView().Edits.Count);
    }

    [Fact]
    public void A_vote_leaves_where_its_poll_comes_from()
    {
        var poll = Poll();
        var origin = new MessageOrigin(new("Sale", null, null, "1"), MessageOrigin.Often);
        poll.Content = origin.AddTo(poll.Content);

        poll.Vote(new(["tea"], Ana, At(1)));
        poll.Vote(new(["water"], Ana, At(2)));

        var content = JsonElement.Parse(poll.Content!);
        Assert.Equal("often", content.GetProperty("forwarded").GetString());
        Assert.Equal("1", content.GetProperty("ad").GetProperty("source_id").GetString());
        Assert.Equal("water", Assert.Single(VotesOf(poll)).Options.Single());
    }

    [Fact]
    public void Of_a_deleted_message_only_that_is_told()
    {
        var message = Poll();
        message.React(new("👍", Ana, At(1)));

        Assert.True(message.Delete(At(2)));

        var view = message.ToView();
        Assert.Equal(At(2), view.DeletedAt);
        Assert.Null(view.Text);
        Assert.Null(view.Content);
        Assert.Empty(view.Reactions);
    }

    private static IReadOnlyList<PollVote> VotesOf(Message poll) =>
        JsonSerializer
            .Deserialize<PollContent>(poll.Content!, FlowChat.Json.FlowChatJson.Options)!
            .Votes;

    private static string Shown(Message message) =>
        JsonSerializer.Serialize(message.ToView(), FlowChat.Json.FlowChatJson.Options);

    private static DateTimeOffset At(int seconds) => Time.AddSeconds(seconds);

    private static Message Poll() =>
        new()
        {
            Id = Guid.Empty,
            ConversationId = Guid.Empty,
            InstanceId = Guid.Empty,
            Direction = MessageDirection.In,
            Type = MessageType.Poll,
            Text = "first",
            Content = JsonSerializer.Serialize(
                new PollContent("What to drink?", ["tea", "water"], 0, []),
                FlowChat.Json.FlowChatJson.Options
            ),
            Status = MessageStatus.Received,
            SentAt = Time,
            Arrival = 1,
        };
}
