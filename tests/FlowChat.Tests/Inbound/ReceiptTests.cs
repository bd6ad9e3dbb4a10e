using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Inbound;

public sealed class ReceiptTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static readonly string[] Receipts =
    [
        WhatsAppStatus.ServerAck,
        WhatsAppStatus.DeliveryAck,
        WhatsAppStatus.Read,
        WhatsAppStatus.Played,
    ];

    private static readonly string[] Ranks = ["sent", "failed", "delivered", "read", "played"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_order_of_receipts_also_before_the_message_ends_at_the_furthest_and_never_goes_back()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        var before = await LastSeqAsync();
        var orders = (
            from order in Receipts.Permutations()
            from at in Enumerable.Range(0, Receipts.Length + 1)
            select (Message: line.TypedTo(person, $"{at} {string.Join(' ', order)}"), order, at)
        ).ToList();

        await Task.WhenAll(
            orders.Select(async run =>
            {
                for (var i = 0; i <= run.order.Count; i++)
                {
                    if (i == run.at)
                    {
                        await line.PostAsync(run.Message, Ct);
                    }
                    if (i < run.order.Count)
                    {
                        await line.PostAsync(Update(line, run.Message.Id, run.order[i]), Ct);
                    }
                }
            })
        );

        var thread = await line.ThreadAsync(Ct);
        Assert.Equal(120, thread.Count);
        Assert.All(thread, message => Assert.Equal("played", message.Status));
        await AssertNeverBackwardsAsync(before);
    }

    [Theory]
    [InlineData("SERVER_ACK ERROR", "failed")]
    [InlineData("ERROR SERVER_ACK", "failed")]
    [InlineData("SERVER_ACK ERROR SERVER_ACK", "failed")]
    [InlineData("DELIVERY_ACK ERROR", "delivered")]
    [InlineData("ERROR DELIVERY_ACK", "delivered")]
    [InlineData("READ SERVER_ACK DELIVERY_ACK", "read")]
    [InlineData("SERVER_ACK DELETED PENDING whatever", "sent")]
    [InlineData("SENT DELIVERED READ", "read")]
    [InlineData("SENT FAILED", "failed")]
    [InlineData("read DELIVERED", "read")]
    public async Task A_status_never_goes_back(string receipts, string status)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        var early = line.TypedTo(person, "receipts first");
        var late = line.TypedTo(person, "message first");

        await line.PostAsync(late, Ct);
        foreach (var receipt in receipts.Split(' '))
        {
            await line.PostAsync(Update(line, late.Id, receipt), Ct);
            await line.PostAsync(Update(line, early.Id, receipt), Ct);
        }
        await line.PostAsync(early, Ct);

        Assert.Equal([status, status], (await line.ThreadAsync(Ct)).Select(m => m.Status));
    }

    [Fact]
    public async Task A_repeated_receipt_is_a_duplicate_and_no_event()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var message = line.TypedTo(flowChat.NewPerson(), "Oi");
        await line.PostAsync(message, Ct);
        await line.PostAsync(Update(line, message.Id, WhatsAppStatus.Read), Ct);
        var before = await LastSeqAsync();

        var again = await line.PostAsync(Update(line, message.Id, WhatsAppStatus.Read), Ct);
        var older = await line.PostAsync(Update(line, message.Id, WhatsAppStatus.DeliveryAck), Ct);

        Assert.Equal((new(0, 1, 0, 0), new(0, 1, 0, 0)), (again, older));
        Assert.Equal(before, await LastSeqAsync());
    }

    [Theory]
    [InlineData(DataForm.Item, EventSpelling.Dotted)]
    [InlineData(DataForm.Array, EventSpelling.Capitals)]
    [InlineData(DataForm.Array, EventSpelling.Dashes)]
    public async Task A_receipt_is_matched_by_its_id_whatever_else_it_names(
        DataForm data,
        EventSpelling spelling
    )
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        var message = line.TypedTo(person, "Oi");
        await line.PostAsync(message, Ct);

        await line.PostAsync(
            Update(line, message.Id, WhatsAppStatus.Read) with
            {
                RemoteJid = person.LidJid,
                FromMe = false,
                Data = data,
                Event = spelling,
            },
            Ct
        );

        Assert.Equal("read", Assert.Single(await line.ThreadAsync(Ct)).Status);
    }

    [Theory]
    [InlineData(2, "sent")]
    [InlineData(3, "delivered")]
    [InlineData(4, "read")]
    [InlineData(5, "played")]
    public async Task Baileys_own_form_is_understood(int number, string status)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var message = line.TypedTo(flowChat.NewPerson(), "Oi");
        await line.PostAsync(message, Ct);

        await line.PostAsync(
            line.Number.Envelope(
                "messages.update",
                new JsonArray(
                    new JsonObject
                    {
                        ["key"] = new JsonObject { ["id"] = message.Id },
                        ["update"] = new JsonObject { ["status"] = number },
                    }
                ),
                message.SentAt
            ),
            Ct
        );

        Assert.Equal(status, Assert.Single(await line.ThreadAsync(Ct)).Status);
    }

    [Fact]
    public async Task A_receipt_of_a_received_message_changes_nothing()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var early = line.From(flowChat.NewPerson(), "Oi");
        await line.PostAsync(Update(line, early.Id, WhatsAppStatus.Read), Ct);
        await line.PostAsync(early, Ct);

        await line.PostAsync(Update(line, early.Id, WhatsAppStatus.Played), Ct);

        Assert.Equal("received", Assert.Single(await line.ThreadAsync(Ct)).Status);
    }

    [Fact]
    public async Task An_update_that_tells_no_status_is_ignored_and_one_without_an_id_quarantined()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var edit = Update(line, "3EB0", WhatsAppStatus.Read).ToEnvelope();
        edit["data"]!.AsObject().Remove("status");
        var nameless = Update(line, "3EB0", WhatsAppStatus.Read).ToEnvelope();
        nameless["data"]!.AsObject().Remove("keyId");

        Assert.Equal(new(0, 0, 1, 0), await line.PostAsync(edit, Ct));
        Assert.Equal(new(0, 0, 0, 1), await line.PostAsync(nameless, Ct));
    }

    private static StatusUpdate Update(WebhookLine line, string id, string status) =>
        new(line.Number, id, status);

    private async Task<long> LastSeqAsync() =>
        (await flowChat.Server.Client.EventsAsync(0, Ct, limit: 1)).LastSeq;

    private async Task AssertNeverBackwardsAsync(long after)
    {
        var ranks = new Dictionary<Guid, int>();
        EventPage page;
        do
        {
            page = await flowChat.Server.Client.EventsAsync(after, Ct);
            foreach (var message in page.Items.Select(e => e.Data["message"]?.AsObject()))
            {
                if (message?["direction"]?.GetValue<string>() != "out")
                {
                    continue;
                }
                var id = message["id"]!.GetValue<Guid>();
                var rank = Array.IndexOf(Ranks, message["status"]!.GetValue<string>());
                Assert.True(rank > ranks.GetValueOrDefault(id, -1), $"{message} went back.");
                ranks[id] = rank;
            }
            after = page.Items.Count > 0 ? page.Items[^1].Seq : page.LastSeq;
        } while (after < page.LastSeq);
        Assert.NotEmpty(ranks);
    }
}
