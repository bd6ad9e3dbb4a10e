using System.Text.Json.Nodes;
using FlowChat.Gateways;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Messages;

/// <summary>Where an id of our own must not lead to a second call.</summary>
public sealed class OwnIdLimitsTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_poll_is_not_repeated_for_its_votes_would_be_lost()
    {
        await using var number = await ConnectAsync();
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        number.Gateway.Script.Next(Reply.Lost);
        var conversation = await number.StartAsync(Ct);

        var poll = await flowChat.Server.Client.PostAsync<Message>(
            $"/api/conversations/{conversation.Id}/messages",
            new JsonObject
            {
                ["client_message_id"] = Guid.CreateVersion7().ToString(),
                ["poll"] = new JsonObject
                {
                    ["question"] = "Hoje?",
                    ["options"] = new JsonArray("Sim", "Não"),
                    ["selectable_count"] = 1,
                },
            },
            Ct
        );
        await number.WaitAsync(poll, "unknown", Ct);
        await number.EndHoldAsync(poll);
        await number.WaitAsync(await number.SendAsync(conversation, "E então?", Ct), "sent", Ct);

        Assert.Equal("unknown", (await number.ReadAsync(poll, Ct)).Status);
        Assert.Equal(2, number.Sends.Count);
        // A receipt still knows it by the id.
        var id = number.Gateway.Sent.All[0].Id;
        await number.Fake.PostAsync(
            new StatusUpdate(number.Fake.Number, id, "SERVER_ACK").ToEnvelope()
        );
        Assert.Equal(id, (await number.WaitAsync(poll, "sent", Ct)).WaId);
    }

    [Fact]
    public async Task What_was_sent_before_the_database_was_restored_is_not_sent_again()
    {
        await using var number = await ConnectAsync();
        var conversation = await number.StartAsync(Ct);
        await number.Fake.ChangeStateAsync("close", statusReason: 428);
        await number.WaitForStateAsync("close", Ct);
        var message = await number.SendAsync(conversation, "Olá", Ct);
        var sent = new TextMessage(number.Fake.Number, Person.Number(1), "Olá")
        {
            FromMe = true,
            SentAt = number.Now,
            Id = OwnMessageId.Of(message.Id),
        };
        await number.Fake.PostAsync(sent.ToEnvelope());
        await number.WaitAsync(live => live.Message?.WaId == sent.Id, Ct);

        await number.Fake.ChangeStateAsync("open");

        await number.WaitAsync(message, "sent", Ct);
        Assert.Empty(number.Sends);
    }

    private Task<TestNumber> ConnectAsync() => flowChat.ConnectReleaseAsync("2.4.0", Ct);
}
