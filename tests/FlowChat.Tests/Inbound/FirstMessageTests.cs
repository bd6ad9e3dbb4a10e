using System.Text;
using FlowChat.Testing.Evolution;

namespace FlowChat.Tests.Inbound;

public sealed class FirstMessageTests(SharedPostgres postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fifty_copies_of_one_webhook_make_one_message_one_event_and_unread_one()
    {
        await using var gateway = await FakeEvolution.StartAsync();
        await using var flowChat = await FlowChatServer.StartAsync(
            await postgres.CreateDatabaseAsync()
        );
        var instance = await flowChat.ConnectAsync(gateway, Ct);
        var before = await flowChat.Client.EventsAsync(0, Ct);
        var body = Encoding.UTF8.GetBytes(
            """{"event":"messages.upsert","instance":"loja","data":{"key":{"remoteJid":"5511987654321@s.whatsapp.net","fromMe":false,"id":"A1"},"pushName":"Ana","message":{"conversation":"Oi"},"messageTimestamp":1763600000}}"""
        );

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(async _ => await flowChat.Client.TryPostWebhookAsync(instance, body, Ct))
        );

        Assert.All(answers, answer => Assert.Equal(200, (int)answer.StatusCode));
        var conversation = Assert.Single((await flowChat.Client.ConversationsAsync(Ct)).Items);
        Assert.Equal(1, conversation.UnreadCount);
        Assert.Single((await flowChat.Client.MessagesAsync(conversation.Id, Ct)).Items);
        Assert.Single((await flowChat.Client.EventsAsync(before.LastSeq, Ct)).Items);
    }
}
