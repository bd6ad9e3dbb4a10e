using System.Net;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Servers;
using FlowChat.Tests.Storage;

namespace FlowChat.Tests.Inbound;

public sealed class DatabaseAwayTests(SharedPostgres postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_database_is_away_webhooks_are_told_to_come_again_and_then_arrive_once()
    {
        // What an immediate stop leaves must hold what was committed before it.
        await using var database = new PostgresServer(durable: true);
        await database.StartAsync(Ct);
        await using var gateway = await FakeEvolution.StartAsync();
        await using var server = await FlowChatServer.StartAsync(
            await database.CreateDatabaseAsync(ct: Ct)
        );
        var line = new WebhookLine(server, await server.ConnectAsync(gateway, Ct), "loja");
        await line.PostAsync(line.From(Person.Ana, "before"), Ct);

        await database.StopImmediatelyAsync(Ct);
        await AssertUnavailableAsync(
            server,
            line.Instance,
            line.From(Person.Ana, "while").ToBytes()
        );
        await AssertUnavailableAsync(server, line.Instance, "no JSON"u8.ToArray());
        // Only a look at the rows may say that a secret is wrong.
        await AssertUnavailableAsync(
            server,
            line.Instance with
            {
                WebhookSecret = "whs_wrong",
            },
            line.From(Person.Ana, "while").ToBytes()
        );
        await AssertUnavailableAsync(
            server,
            line.Instance with
            {
                Id = Guid.CreateVersion7(),
            },
            "{}"u8.ToArray()
        );

        var number = gateway.FindInstance("loja")!;
        number.Webhook = WebhookTarget.WithSecret(
            new Uri(server.BaseUrl, $"/webhooks/evolution/{line.Instance.Id}"),
            line.Instance.WebhookSecret!
        );
        var deliveries = Enumerable
            .Range(0, 30)
            .Select(i => number.PostAsync(line.From(Person.Bruno, $"{i}").ToEnvelope()))
            .ToList();
        await database.StartAsync(Ct);

        Assert.All(
            await Task.WhenAll(deliveries),
            delivery => Assert.True(delivery.Accepted, $"{delivery}")
        );
        var conversations = await line.ConversationsAsync(Ct);
        var bruno = conversations.Single(c => c.Contact!.Phone == "+" + Person.Bruno.Phone);
        Assert.Equal(30, bruno.UnreadCount);
        Assert.Equal(
            Enumerable.Range(0, 30).Select(i => $"{i}").Order(),
            (await line.ThreadAsync(bruno, Ct)).Select(m => m.Text).Order()
        );
        Assert.Equal(2, conversations.Count);
    }

    [Fact]
    public async Task A_webhook_whose_commit_was_never_answered_is_a_duplicate_when_it_comes_again()
    {
        await using var flowChat = await DistantFlowChat.StartAsync(postgres);
        var (server, network) = (flowChat.Server, flowChat.Network);
        var instance = await server.Client.CreateEvolutionInstanceAsync(
            "Loja",
            new("http://127.0.0.1:9"),
            "key",
            "loja",
            Ct
        );
        var line = new WebhookLine(server, instance, "loja");
        await line.PostAsync(line.From(Person.Ana, "first"), Ct);
        var message = line.From(Person.Ana, "committed, and nobody was told");

        // The text is in the last statements, which the commit rides with.
        var lost = network.LoseReplyToAsync("nobody was told"u8.ToArray());
        await AssertUnavailableAsync(server, instance, message.ToBytes());
        await lost;

        Assert.Equal(new(0, 1, 0, 0), await line.PostAsync(message, Ct));
        Assert.Equal(["first", message.Text], (await line.ThreadAsync(Ct)).Select(m => m.Text));
        Assert.Equal(2, (await line.ConversationAsync(Ct)).UnreadCount);
    }

    private static async Task AssertUnavailableAsync(
        FlowChatServer server,
        Instance instance,
        byte[] body
    )
    {
        using var response = await server.Client.TryPostWebhookAsync(instance, body, Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }
}
