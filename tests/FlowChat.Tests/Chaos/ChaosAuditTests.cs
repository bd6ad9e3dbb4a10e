using FlowChat.Chaos.Audit;

namespace FlowChat.Tests.Chaos;

/// <summary>The audit of ./dev chaos finds what is planted: a proof that finds nothing must be able to.</summary>
public sealed class ChaosAuditTests
{
    private static readonly Guid Ana = Guid.CreateVersion7();
    private static readonly Guid Bruno = Guid.CreateVersion7();
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly List<Attempt> _attempts = [];
    private readonly List<StoredMessage> _stored = [];
    private readonly List<GatewaySend> _sends = [];

    public ChaosAuditTests()
    {
        for (var n = 0; n < 4; n++)
        {
            foreach (var thread in (Guid[])[Ana, Bruno])
            {
                Write(Way.In, thread, n, n == 3 ? "a picture" : null);
                Write(Way.Out, thread, n, n == 3 ? "another" : null);
            }
        }
    }

    [Fact]
    public void A_run_in_which_all_went_well_is_clean()
    {
        var counters = Count();

        Assert.True(counters.IsClean, string.Join('\n', counters.Findings));
        Assert.Equal((8, 8, 8), (counters.AttemptedIn, counters.AcknowledgedIn, counters.StoredIn));
        Assert.Equal((8, 8, 8), (counters.AttemptedOut, counters.AcknowledgedOut, counters.Sent));
    }

    [Fact]
    public void A_row_that_is_gone_is_lost()
    {
        _stored.RemoveAll(row => row.Text == Text(Way.In, Ana, 1));

        Assert.Equal(1, Found(counters => counters.Lost));
    }

    [Fact]
    public void What_was_never_acknowledged_is_not_lost()
    {
        _stored.RemoveAll(row => row.Text == Text(Way.In, Ana, 1));
        _attempts.Single(a => a.Text == Text(Way.In, Ana, 1)).IsAcknowledged = false;

        Assert.True(Count().IsClean);
    }

    [Fact]
    public void A_send_that_no_phone_got_is_lost()
    {
        _sends.RemoveAll(send => send.Text == Text(Way.Out, Bruno, 2));

        Assert.Equal(1, Found(counters => counters.Lost));
    }

    [Fact]
    public void One_of_which_the_agent_is_told_that_it_is_unknown_is_not()
    {
        _sends.RemoveAll(send => send.Text == Text(Way.Out, Bruno, 2));
        Change(Text(Way.Out, Bruno, 2), row => row with { Status = "unknown" });

        var counters = Count();
        Assert.True(counters.IsClean, string.Join('\n', counters.Findings));
        Assert.Equal(1, counters.Unknown);
    }

    [Fact]
    public void A_second_row_is_a_duplicate()
    {
        _stored.Add(_stored[0] with { Id = Guid.CreateVersion7() });

        Assert.Equal(1, Found(counters => counters.Duplicated));
    }

    [Fact]
    public void A_second_send_is_sent_twice()
    {
        _sends.Add(_sends.Last(send => send.Thread == Ana));

        Assert.Equal(1, Found(counters => counters.SentTwice));
    }

    [Fact]
    public void Two_that_change_places_in_a_thread_are_out_of_order()
    {
        Change(Text(Way.In, Ana, 1), row => row with { SentAt = Noon.AddMinutes(2), Arrival = 99 });

        Assert.Equal(1, Found(counters => counters.OutOfOrder));
    }

    [Fact]
    public void Two_that_change_places_on_a_phone_are_out_of_order()
    {
        var (one, other) = (_sends.FindIndex(IsAnas), _sends.FindLastIndex(IsAnas));
        (_sends[one], _sends[other]) = (_sends[other], _sends[one]);

        Assert.True(Count().OutOfOrder > 0);

        static bool IsAnas(GatewaySend send) => send.Thread == Ana;
    }

    [Fact]
    public void A_row_that_nobody_wrote_is_unexpected()
    {
        _stored.Add(_stored[0] with { Id = Guid.CreateVersion7(), Text = "nobody's" });

        Assert.Equal(1, Found(counters => counters.Unexpected));
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("queued")]
    [InlineData("sending")]
    public void A_send_that_ends_so_is_unexpected(string status)
    {
        Change(Text(Way.Out, Ana, 1), row => row with { Status = status });

        Assert.Equal(1, Found(counters => counters.Unexpected));
    }

    [Fact]
    public void Other_bytes_are_unexpected_here_and_on_the_phone()
    {
        Change(Text(Way.In, Ana, 3), row => row with { Hash = "other" });
        var send = _sends.FindIndex(send => send.Hash is not null);
        _sends[send] = _sends[send] with { Hash = null };

        Assert.Equal(2, Found(counters => counters.Unexpected));
    }

    [Fact]
    public void A_message_in_another_thread_is_unexpected()
    {
        Change(Text(Way.In, Ana, 3), row => row with { Thread = Bruno });
        _sends[^1] = _sends[^1] with { Thread = Ana };

        var counters = Count();
        Assert.Equal(2, counters.Unexpected);
    }

    [Fact]
    public void What_the_judge_of_the_answers_says_is_counted()
    {
        var counters = new ChaosAudit(_attempts, _stored, _sends, ["A send answered 404"]).Count();

        Assert.Equal(1, counters.Unexpected);
        Assert.False(counters.IsClean);
    }

    private static string Text(Way way, Guid thread, int n) =>
        $"{way} {(thread == Ana ? "Ana" : "Bruno")} {n}";

    private void Write(Way way, Guid thread, int n, string? hash)
    {
        var text = Text(way, thread, n);
        _attempts.Add(new Attempt(way, thread, n, text, hash) { IsAcknowledged = true });
        _stored.Add(
            new StoredMessage(
                Guid.CreateVersion7(),
                thread,
                way,
                text,
                way == Way.In ? "received" : "delivered",
                Noon.AddSeconds(n),
                2 * n + (way == Way.Out ? 1 : 0)
            )
            {
                Hash = hash,
            }
        );
        if (way == Way.Out)
            _sends.Add(new GatewaySend(thread, text, hash));
    }

    private void Change(string text, Func<StoredMessage, StoredMessage> change)
    {
        var row = _stored.FindIndex(row => row.Text == text);
        _stored[row] = change(_stored[row]);
    }

    private Counters Count() => new ChaosAudit(_attempts, _stored, _sends, []).Count();

    /// <summary>What is planted is all that is found.</summary>
    private int Found(Func<Counters, int> of)
    {
        var counters = Count();
        int[] all =
        [
            counters.Lost,
            counters.Duplicated,
            counters.Unexpected,
            counters.OutOfOrder,
            counters.SentTwice,
        ];
        Assert.Equal(of(counters), all.Sum());
        Assert.False(counters.IsClean);
        Assert.NotEmpty(counters.Findings);
        return of(counters);
    }
}
