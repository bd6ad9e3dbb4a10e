using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dapper;
using FlowChat.Instances;
using FlowChat.Storage;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Instances;

/// <summary>What a gateway's webhooks lost is in its database, and comes from there, once.</summary>
public sealed class HistoryFillTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_no_webhook_told_is_fetched_in_order_and_what_one_told_is_no_duplicate()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var fill = flowChat.Server.Get<HistoryFill>();
        var person = Person.Number(Random.Shared.Next(1_000, 9_000_000));
        var start = number.Now;
        var messages = Enumerable
            .Range(0, 130)
            .Select(i => new TextMessage(number.Fake.Number, person, $"{i}")
            {
                SentAt = start.AddSeconds(i),
            })
            .ToList();
        messages.ForEach(number.Fake.Kept.Add);
        number.Fake.Kept.Add(
            new TextMessage(number.Fake.Number, person, "antes de nós")
            {
                SentAt = start.AddDays(-3),
            }
        );
        await number.Fake.PostAsync(messages[7].ToEnvelope());

        await fill.RunOnceAsync(Ct);
        await DueAsync(number);
        await fill.RunOnceAsync(Ct);

        var last = await number.WaitAsync(
            live =>
                live.Message?.Text == "129" && live.Conversation!.InstanceId == number.Instance.Id,
            Ct
        );
        Assert.Equal(
            (130, "129"),
            (last.Conversation!.UnreadCount, last.Conversation.LastMessage!.Text)
        );
        Assert.Equal(
            Enumerable.Range(0, 130).Select(i => $"{i}").ToHashSet(),
            [.. await TextsAsync(last.Message!.ConversationId)]
        );
    }

    [Fact]
    public async Task After_a_reconnect_what_came_meanwhile_is_asked_for_at_once()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var fill = flowChat.Server.Get<HistoryFill>();
        var person = Person.Number(Random.Shared.Next(1_000, 9_000_000));
        await fill.RunOnceAsync(Ct);
        var searches = number.Gateway.Requests.All.Count(IsSearch);
        await fill.RunOnceAsync(Ct);
        Assert.Equal(searches, number.Gateway.Requests.All.Count(IsSearch));
        await number.Fake.ChangeStateAsync("close", statusReason: 428);
        await number.WaitForStateAsync("close", Ct);
        var away = await number.LastSeqAsync(Ct);
        var start = number.Now;
        var missed = Enumerable
            .Range(0, 3)
            .Select(i => new TextMessage(number.Fake.Number, person, $"{i}")
            {
                SentAt = start.AddSeconds(i),
            })
            .ToList();
        missed.ForEach(number.Fake.Kept.Add);
        // Its webhook comes all the same, and not first.
        await number.Fake.ChangeStateAsync("open");
        await number.WaitForStateAsync("open", Ct, away);
        await number.Fake.PostAsync(missed[1].ToEnvelope());

        await fill.RunOnceAsync(Ct);

        var last = await WaitForAsync(number, "2");
        var thread = await number.ThreadAsync(last.Message!.ConversationId, Ct);
        Assert.Equal(["0", "1", "2"], thread.Select(message => message.Text));
        Assert.Equal(3, last.Conversation!.UnreadCount);
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public async Task Of_a_number_that_stays_connected_it_is_asked_every_ten_minutes(
        int minutes,
        bool asked
    )
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var fill = flowChat.Server.Get<HistoryFill>();
        await fill.RunOnceAsync(Ct);
        var searches = number.Gateway.Requests.All.Count(IsSearch);
        number.Fake.Kept.Add(Message(number, "Olá"));

        // A second more: the server's clock is the database's to some milliseconds.
        await number.ExecuteAsync(
            $"""
            update instances
            set state_at = now() - interval '1 hour', filled_at = now() - interval '{minutes} minutes 1 second', fill_claimed_at = null
            where id = @Id
            """,
            new { number.Instance.Id }
        );
        await fill.RunOnceAsync(Ct);

        Assert.Equal(asked, number.Gateway.Requests.All.Count(IsSearch) > searches);
        if (asked)
        {
            await WaitForAsync(number, "Olá");
        }
    }

    [Fact]
    public async Task A_gateway_that_does_not_tell_is_asked_from_the_same_place_again()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var fill = flowChat.Server.Get<HistoryFill>();
        var person = Person.Number(Random.Shared.Next(1_000, 9_000_000));
        number.Fake.Kept.Add(
            new TextMessage(number.Fake.Number, person, "Olá") { SentAt = number.Now }
        );
        number.Gateway.Script.Next(IsSearch, Reply.Refused(Answer.Error(500, "Internal")));

        await fill.RunOnceAsync(Ct);
        await fill.RunOnceAsync(Ct);
        Assert.Single(number.Gateway.Requests.All, IsSearch);
        await EndClaimAsync(number);
        await fill.RunOnceAsync(Ct);

        await WaitForAsync(number, "Olá");
    }

    [Fact]
    public async Task A_gateway_that_is_silent_holds_no_other_number_up()
    {
        await using var one = await flowChat.ConnectAsync(Ct);
        await using var other = await flowChat.ConnectAsync(Ct);
        one.Gateway.Script.Next(IsSearch, Reply.Never);
        other.Gateway.Script.Next(IsSearch, Reply.Never);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var filling = flowChat.Server.Get<HistoryFill>().RunOnceAsync(ended.Token);

        await one.Gateway.Requests.WaitAsync(IsSearch, Ct);
        await other.Gateway.Requests.WaitAsync(IsSearch, Ct);
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => filling);
    }

    [Fact]
    public async Task A_search_that_was_interrupted_is_made_again()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var fill = flowChat.Server.Get<HistoryFill>();
        number.Fake.Kept.Add(Message(number, "Olá"));
        number.Gateway.Script.Next(IsSearch, Reply.Never);
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var interrupted = fill.RunOnceAsync(killed.Token);
        await number.Gateway.Requests.WaitAsync(IsSearch, Ct);
        await killed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => interrupted);

        await EndClaimAsync(number);
        await fill.RunOnceAsync(Ct);

        await WaitForAsync(number, "Olá");
    }

    [Fact]
    public async Task A_record_that_the_database_refuses_keeps_no_other_away()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var fill = flowChat.Server.Get<HistoryFill>();
        var bad = Message(number, "Ruim");
        // No index takes a key of that size.
        number.Fake.Kept.Add(bad with { Id = RandomNumberGenerator.GetHexString(20_000) });
        number.Fake.Kept.Add(Message(number, "Olá"));

        await fill.RunOnceAsync(Ct);

        await WaitForAsync(number, "Olá");
        await EndClaimAsync(number);
        await fill.RunOnceAsync(Ct);
        Assert.Single(number.Gateway.Requests.All, IsSearch);
    }

    [Fact]
    public async Task However_much_there_is_it_is_read_to_its_beginning()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var first = Message(number, "Primeira");
        number.Fake.Kept.Add(first);
        for (var i = 1; i <= 5_050; i++)
        {
            // Stories are nothing that an inbox shows.
            var story = Message(number, "Story") with
            {
                RemoteJid = "status@broadcast",
                SentAt = first.SentAt.AddSeconds(i),
            };
            number.Fake.Kept.Add(story);
        }

        await flowChat.Server.Get<HistoryFill>().RunOnceAsync(Ct);

        await WaitForAsync(number, "Primeira");
    }

    [Fact]
    public async Task A_search_that_breaks_off_goes_on_from_the_place_that_it_reached()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var fill = flowChat.Server.Get<HistoryFill>();
        await number.ExecuteAsync(
            "update instances set created_at = created_at - interval '10 hours' where id = @Id",
            new { number.Instance.Id }
        );
        var person = Person.Number(Random.Shared.Next(1_000, 9_000_000));
        var start = number.Now.AddHours(-9);
        for (var i = 0; i < 250; i++)
        {
            number.Fake.Kept.Add(
                new TextMessage(number.Fake.Number, person, $"{i}")
                {
                    SentAt = start.AddMinutes(2 * i),
                }
            );
        }
        number.Gateway.Script.Next(
            request => IsSearch(request) && PageOf(request) == 2,
            Reply.Refused(Answer.Error(500, "Internal"))
        );

        await fill.RunOnceAsync(Ct);
        var searches = number.Gateway.Requests.All.Count(IsSearch);
        await EndClaimAsync(number);
        await fill.RunOnceAsync(Ct);

        var last = await WaitForAsync(number, "249");
        Assert.Equal(250, last.Conversation!.UnreadCount);
        var asked = number.Gateway.Requests.All.Where(IsSearch).Select(SinceOf).ToList();
        Assert.Equal(asked[0], asked[searches - 1]);
        // The oldest fifty were there, and an hour is asked for twice.
        Assert.InRange(asked[searches], start.AddMinutes(30), start.AddMinutes(100));
    }

    [Fact]
    public async Task A_page_that_is_too_large_is_asked_for_in_smaller_ones()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Fake.Kept.Add(Message(number, "Olá"));
        number.Gateway.Script.Always(
            request => IsSearch(request) && (int)request.Body!["offset"]! == 100,
            Reply.Refused(new Answer(200, new JsonObject { ["a"] = new string('a', 17_000_000) }))
        );

        await flowChat.Server.Get<HistoryFill>().RunOnceAsync(Ct);

        await WaitForAsync(number, "Olá");
    }

    [Fact]
    public async Task A_reaction_to_what_is_not_here_waits_once_however_often_it_is_found()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var fill = flowChat.Server.Get<HistoryFill>();
        var gone = Message(number, "Antes de nós");
        var reaction = Message(number, "") with
        {
            Message = MessageKinds.Reaction(gone.Key, "👍", number.Now),
        };
        number.Fake.Kept.Add(reaction);

        await fill.RunOnceAsync(Ct);
        await DueAsync(number);
        await fill.RunOnceAsync(Ct);

        Assert.Equal(2, number.Gateway.Requests.All.Count(IsSearch));
        Assert.Equal(1, await EarlyChangesAsync(gone.Id));
    }

    [Fact]
    public async Task A_receipt_that_no_webhook_told_is_in_the_history()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await number.SendAsync(await number.StartAsync(Ct), "Chegou?", Ct);
        var sent = await number.WaitAsync(message, "sent", Ct);
        number.Fake.Kept.Add(
            new TextMessage(number.Fake.Number, Person.Number(1), "Chegou?")
            {
                FromMe = true,
                Id = sent.WaId!,
                SentAt = number.Now,
            }
        );
        number.Fake.Statuses[sent.WaId!] =
        [
            WhatsAppStatus.DeliveryAck,
            WhatsAppStatus.Read,
            WhatsAppStatus.ServerAck,
        ];

        await DueAsync(number);
        await flowChat.Server.Get<HistoryFill>().RunOnceAsync(Ct);

        Assert.Equal("read", (await number.ReadAsync(message, Ct)).Status);
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
    }

    private static bool IsSearch(RecordedRequest request) =>
        request.Path.StartsWith("/chat/findMessages", StringComparison.Ordinal);

    private static int PageOf(RecordedRequest request) => (int)request.Body!["page"]!;

    private static DateTimeOffset SinceOf(RecordedRequest request) =>
        DateTimeOffset.Parse(
            (string)request.Body!["where"]!["messageTimestamp"]!["gte"]!,
            CultureInfo.InvariantCulture
        );

    private static TextMessage Message(TestNumber number, string text) =>
        new(number.Fake.Number, Person.Number(Random.Shared.Next(1_000, 9_000_000)), text)
        {
            SentAt = number.Now,
        };

    private static Task<LiveEvent> WaitForAsync(TestNumber number, string text) =>
        number.WaitAsync(
            live =>
                live.Message?.Text == text && live.Conversation!.InstanceId == number.Instance.Id,
            Ct
        );

    private async Task<long> EarlyChangesAsync(string waId)
    {
        await using var connection = await flowChat
            .Server.Get<Database>()
            .Migrator.OpenConnectionAsync(Ct);
        return await connection.ExecuteScalarAsync<long>(
            "select count(*) from early_changes where wa_id = @waId",
            new { waId }
        );
    }

    /// <summary>As if the process that searches had been away for long.</summary>
    private static Task EndClaimAsync(TestNumber number) =>
        number.ExecuteAsync(
            "update instances set fill_claimed_at = fill_claimed_at - interval '1 hour' where id = @Id",
            new { number.Instance.Id }
        );

    private async Task<IEnumerable<string>> TextsAsync(Guid conversationId)
    {
        var page = await flowChat.Server.Client.MessagesAsync(conversationId, Ct, "?limit=200");
        return page.Items.Select(message => message.Text ?? "");
    }

    /// <summary>As if ten minutes had passed.</summary>
    private static Task DueAsync(TestNumber number) =>
        number.ExecuteAsync(
            "update instances set filled_at = filled_at - interval '10 minutes' where id = @Id",
            new { number.Instance.Id }
        );
}
