using FlowChat.Instances;
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
    public async Task A_gateway_that_does_not_tell_is_asked_from_the_same_place_again()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var fill = flowChat.Server.Get<HistoryFill>();
        var person = Person.Number(Random.Shared.Next(1_000, 9_000_000));
        number.Fake.Kept.Add(
            new TextMessage(number.Fake.Number, person, "Olá") { SentAt = number.Now }
        );
        number.Gateway.Script.Next(
            request => request.Path.StartsWith("/chat/findMessages", StringComparison.Ordinal),
            Reply.Refused(Answer.Error(500, "Internal"))
        );

        await fill.RunOnceAsync(Ct);
        await fill.RunOnceAsync(Ct);

        await number.WaitAsync(
            live =>
                live.Message?.Text == "Olá" && live.Conversation!.InstanceId == number.Instance.Id,
            Ct
        );
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
