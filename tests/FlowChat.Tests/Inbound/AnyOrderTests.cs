using System.Globalization;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Inbound;

/// <summary>Gateways promise neither order nor once: whatever comes when, and however often, ends in the same conversation.</summary>
public sealed class AnyOrderTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private const int Runs = 40;

    private static readonly string[] Statuses =
    [
        WhatsAppStatus.ServerAck,
        WhatsAppStatus.DeliveryAck,
        WhatsAppStatus.Read,
        WhatsAppStatus.Played,
        WhatsAppStatus.Error,
        WhatsAppStatus.Deleted,
    ];

    // Each names both addresses of the person, or the phone alone.
    private static readonly AddressForm[] Addresses =
    [
        AddressForm.PhoneWithLidAlt,
        AddressForm.LidWithPhoneAlt,
        AddressForm.Phone,
        AddressForm.PhoneWithEmptyParticipant,
    ];

    private static readonly string[] Emojis = ["👍", "❤️", ""];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_order_and_repetition_of_a_conversations_webhooks_ends_in_the_same_state()
    {
        var seed = Random.Shared.Next();
        if (Environment.GetEnvironmentVariable("FLOWCHAT_TEST_SEED") is { } given)
        {
            seed = int.Parse(given, CultureInfo.InvariantCulture);
        }
        TestContext.Current.SendDiagnosticMessage("FLOWCHAT_TEST_SEED={0}", seed);
        for (var run = 0; run < Runs; run++)
        {
            await RunAsync(new Random(seed + run), $"FLOWCHAT_TEST_SEED={seed}, run {run}");
        }
    }

    private async Task RunAsync(Random random, string seed)
    {
        var person = flowChat.NewPerson();
        var once = await flowChat.ConnectAsync(Ct);
        var script = Write(random, once, person);
        foreach (var webhook in script)
        {
            await once.PostAsync(webhook(once), Ct);
        }

        // Another number hears the same of the same person, in another order and more than once.
        var often = await flowChat.ConnectAsync(Ct);
        var copies = script.Concat(script.Where(_ => random.Next(2) == 0)).ToArray();
        random.Shuffle(copies);
        foreach (var together in copies.Chunk(random.Next(1, 6)))
        {
            await Task.WhenAll(together.Select(webhook => often.PostAsync(webhook(often), Ct)));
        }

        var expected = await DescribeAsync(once);
        var actual = await DescribeAsync(often);
        Assert.True(
            expected == actual,
            $"{seed}\nin order, once:\n{expected}\nshuffled:\n{actual}"
        );
    }

    /// <summary>What happened, in the order in which it happened: both sides write, receipts come.</summary>
    private static List<Func<WebhookLine, byte[]>> Write(
        Random random,
        WebhookLine any,
        Person person
    )
    {
        var webhooks = new List<Func<WebhookLine, byte[]>>();
        var at = any.From(person, "").SentAt;
        foreach (var second in Enumerable.Range(1, random.Next(3, 9)))
        {
            var message = any.From(
                person,
                $"at {second}",
                new() { Address = random.GetItems(Addresses, 1)[0] }
            ) with
            {
                FromMe = random.Next(3) == 0,
                SentAt = at.AddSeconds(second),
            };
            webhooks.Add(line => (message with { Number = line.Number }).ToBytes());
            foreach (var status in message.FromMe ? random.GetItems(Statuses, random.Next(4)) : [])
            {
                webhooks.Add(line => new StatusUpdate(line.Number, message.Id, status).ToBytes());
            }
            webhooks.AddRange(Changes(random, message));
        }
        return webhooks;
    }

    /// <summary>What is done to a message afterwards.</summary>
    private static IEnumerable<Func<WebhookLine, byte[]>> Changes(
        Random random,
        TextMessage message
    )
    {
        for (var n = random.Next(3); n > 0; n--)
        {
            var at = message.SentAt.AddSeconds(10 * n);
            var fromMe = random.Next(2) == 0;
            switch (random.Next(4))
            {
                case 0:
                    var said = MessageKinds.Edit(message.Key, $"edit {n}", at, byNumber: fromMe);
                    yield return line =>
                        EvolutionJson.Bytes(
                            line.Number.Envelope("messages.edited", said.DeepClone(), at)
                        );
                    break;
                case 1 when random.Next(3) == 0:
                    var revoked = MessageKinds.Revoke(message.Key, byNumber: fromMe);
                    yield return line =>
                        EvolutionJson.Bytes(
                            line.Number.Envelope("messages.edited", revoked.DeepClone(), at)
                        );
                    break;
                default:
                    var reaction = message with
                    {
                        Id = WhatsAppId.New(),
                        FromMe = fromMe,
                        Message = MessageKinds.Reaction(
                            message.Key,
                            random.GetItems(Emojis, 1)[0],
                            at
                        ),
                    };
                    yield return line => (reaction with { Number = line.Number }).ToBytes();
                    break;
            }
        }
    }

    private static async Task<string> DescribeAsync(WebhookLine line)
    {
        var conversation = await line.ConversationAsync(Ct);
        var thread = await line.ThreadAsync(conversation, Ct);
        return string.Join(
            '\n',
            thread
                .Select(m =>
                    $"{m.WaId} {m.SentAt:O} {m.Direction} {m.Status} {m.Text} {m.Error?.Code} {m.EditedAt:O} "
                    + $"{m.DeletedAt is not null} [{string.Join(", ", m.Edits)}] [{string.Join(", ", m.Reactions)}]"
                )
                .Append($"last {conversation.LastMessage?.WaId} at {conversation.LastActivityAt:O}")
                .Append($"unread {conversation.UnreadCount}, {conversation.Status}")
                .Append($"{conversation.Contact?.Name} {conversation.Contact?.Phone}")
        );
    }
}
